import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Most of the long tests wait, for clocks, queues and containers: two files at once are no burden to two cores. */
const FEWEST_WORKERS = 2;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['./test/support/console-setup.ts', './test/support/localstack-setup.ts'],
    reporters: ['default', './test/support/closing-reporter.ts'],
    maxWorkers: Math.max(FEWEST_WORKERS, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
