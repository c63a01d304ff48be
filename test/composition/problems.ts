import { loadConfig } from '../../src/composition/config.ts';
import { ConfigError } from '../../src/composition/config-error.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What stops the start, one line per problem; none where it may start. */
export const problemsOf = (env: Env): readonly string[] => {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

/** As long as one has to be, and no longer. */
export const SECRET = 'x'.repeat(32);
