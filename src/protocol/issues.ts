import type * as z from 'zod';

export interface FieldError {
  /** A path as one would write it in JavaScript: `to[3]`, `data.items`. */
  readonly field: string;
  readonly message: string;
}

/** What zod found, each at the field it is about. `whole` names the input where it is wrong as a whole. */
export const fieldErrors = (error: z.core.$ZodError, whole = 'body'): FieldError[] =>
  error.issues.map(issue => {
    const extra = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = extra === undefined ? issue.path : [...issue.path, extra];
    return {
      field: fieldPath(path) || whole,
      message: extra === undefined ? saidOf(issue) : 'unknown field',
    };
  });

/** Of a key that is wrong, why it is. */
const saidOf = (issue: z.core.$ZodIssue): string =>
  (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message;

const fieldPath = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
