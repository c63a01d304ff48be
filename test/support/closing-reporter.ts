import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Ends the report with what a reader must not miss: every skipped test with its reason, and, as the very last line,
 * the sum. A file that did not load, a hook that failed and an error outside of any test each count as one failure.
 */
export default class ClosingReporter implements Reporter {
  #sum: string | undefined;

  onInit(): void {
    // The other reporters print their own summaries late, some after the run has ended; nothing comes after this.
    process.once('exit', () => this.#print());
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap(module => [...module.children.allTests()]);
    const inState = (state: string): TestCase[] => tests.filter(test => test.result().state === state);
    const skipped = inState('skipped');
    const failed =
      inState('failed').length + modules.reduce(failuresOutsideTests, 0) + unhandledErrors.length;
    const counts = [`${inState('passed').length} passed`, `${failed} failed`];
    if (skipped.length > 0) counts.push(`${skipped.length} skipped`);
    this.#sum = [...skipped.map(describeSkipped), counts.join(', ')].join('\n');
  }

  #print(): void {
    if (this.#sum !== undefined) process.stdout.write(`${this.#sum}\n`);
  }
}

/** Errors of a file or a `describe`, rather than of a test in it. */
const failuresOutsideTests = (sum: number, module: TestModule): number => {
  const suites = [...module.children.allSuites()];
  return sum + module.errors().length + suites.reduce((errors, suite) => errors + suite.errors().length, 0);
};

const describeSkipped = (test: TestCase): string => {
  const result = test.result();
  const reason = (result.state === 'skipped' && result.note) || 'no reason given';
  return `skipped: ${test.module.relativeModuleId} > ${test.fullName}: ${reason}`;
};
