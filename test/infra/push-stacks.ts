import type { EnvironmentInput } from '../../infra/config.ts';
import { synthesizeAll } from '../../infra/synth.ts';
import { anEnvironment, SMALL_PUSH } from './templates.ts';

/** Every stack of an environment with push, a small one but for what a test is about. */
export const pushStacks = (changes: Partial<EnvironmentInput> = {}) => {
  const {
    push = {},
    relational = {},
    schema = {},
    ...others
  } = synthesizeAll(anEnvironment({ push: SMALL_PUSH, ...changes }));
  return { ...others, push, relational, schema };
};
