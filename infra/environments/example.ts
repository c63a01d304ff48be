import { defineEnvironment } from '../define-environment.ts';

/** A first deployment, to try it out and take it down again. Everything left out has a default: see infra/config.ts. */
export default defineEnvironment({
  stage: 'example',
  data: { pointInTimeRecovery: true, deletionProtection: false },
  observability: { monthlyBudgetUsd: 20 },
});
