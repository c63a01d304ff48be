import { defineEnvironment } from '../define-environment.ts';

/** What tests synthesize and deploy to an emulator: nothing costs money to keep, or resists being deleted. */
export default defineEnvironment({
  stage: 'test',
  data: { pointInTimeRecovery: false, deletionProtection: false },
  functions: { code: 'placeholder' },
});
