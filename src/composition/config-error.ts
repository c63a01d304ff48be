import type * as z from 'zod';
import { fieldErrors } from '../protocol/issues.ts';

/** A variable that stops the start: its name, what was expected and what was found. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** A line for each issue: a variable as a whole with what was found, or the part of one that is wrong. */
export const problemsOf = (
  error: z.core.$ZodError,
  prefix: string,
  foundIn: (variable: string) => string,
): readonly string[] =>
  fieldErrors(error).map(({ field, message }) =>
    /[.[]/.test(field)
      ? `${prefix}${field}: ${message}`
      : `${prefix}${field}: expected ${message}, found ${foundIn(field)}`,
  );
