import { test } from 'vitest';

type DeclareTest = (sentence: string, body: () => Promise<void>, timeoutMs?: number) => void;

/**
 * Declares tests of what is not everywhere.
 *
 * @param lacking what is not there, which a skipped test gives as its reason; undefined where nothing is lacking
 * @param usualTimeoutMs of a test that says nothing else; without it, that of every test
 */
export const testUnless =
  (lacking: string | undefined, usualTimeoutMs?: number): DeclareTest =>
  (sentence, body, timeoutMs = usualTimeoutMs) =>
    test(
      sentence,
      async context => {
        if (lacking !== undefined) context.skip(lacking);
        await body();
      },
      timeoutMs,
    );
