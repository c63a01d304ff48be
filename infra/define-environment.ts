import type { z } from 'zod';
import type { EnvironmentConfig, EnvironmentInput } from './config.ts';
import { environmentSchema } from './config.ts';

/** An environment that cannot be deployed: each problem names its field, what was expected and what was found. */
export class EnvironmentError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'EnvironmentError';
    this.problems = problems;
  }
}

/** @throws EnvironmentError naming every field that is unknown, missing or has a bad value */
export const defineEnvironment = (input: EnvironmentInput): EnvironmentConfig => {
  const parsed = environmentSchema.safeParse(input, { error: describeType });
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(parsed.error.issues.flatMap(issue => describeIssue(issue, input)));
};

/** Where a field does not say itself what it expects. */
const describeType: z.core.$ZodErrorMap = issue => {
  if (issue.code !== 'invalid_type') return undefined;
  return issue.expected === 'boolean' ? 'true or false' : `an ${issue.expected}`;
};

const describeIssue = (issue: z.core.$ZodIssue, input: unknown): string[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      key => `${[...issue.path, key].join('.')}: there is no such field; see infra/config.ts`,
    );
  }
  // What is an object was meant as the one kind of object that a union has.
  if (issue.code === 'invalid_union' && isObject(valueAt(input, issue.path))) {
    const within = ({ path, code }: z.core.$ZodIssue) => path.length > 0 || code === 'unrecognized_keys';
    const meant = issue.errors.find(issues => issues.every(within)) ?? [];
    const problems = meant.flatMap(inner =>
      describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, input),
    );
    if (problems.length > 0) return problems;
  }
  const found = JSON.stringify(valueAt(input, issue.path)) ?? 'nothing';
  return [`${issue.path.join('.')}: expected ${issue.message}, found ${found}`];
};

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (isObject(value) ? Reflect.get(value as object, key) : undefined),
    input,
  );
