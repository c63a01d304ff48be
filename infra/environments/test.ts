import { defineEnvironment } from '../config.ts';

/** What the contract tests deploy to an emulator: nothing that costs money to keep, or that resists being deleted. */
export const testEnvironment = defineEnvironment({
  stage: 'test',
  data: { pointInTimeRecovery: false, deletionProtection: false },
});
