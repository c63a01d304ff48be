import type { EnvironmentConfig, EnvironmentInput } from '../../infra/config.ts';
import { defineEnvironment } from '../../infra/define-environment.ts';

/** A small environment whose functions need no build, with what a test is about. */
export const anEnvironment = ({ functions, ...changes }: Partial<EnvironmentInput> = {}): EnvironmentConfig =>
  defineEnvironment({
    stage: 'test',
    data: { pointInTimeRecovery: false, deletionProtection: false },
    functions: { code: 'placeholder', ...functions },
    ...changes,
  });

/** What push needs, at the least. */
export const SMALL_PUSH = { database: { multiAz: false } } as const;

/** Names of one's own for both APIs. */
export const OWN_DOMAIN = {
  zoneName: 'example.com',
  hostedZoneId: 'Z0123456789ABC',
  socketHost: 'live.example.com',
  httpHost: 'api.example.com',
} as const;

/** As it would be deployed, but for the functions' code. */
export const withoutBuild = (config: EnvironmentConfig): EnvironmentConfig => ({
  ...config,
  functions: { ...config.functions, code: 'placeholder' },
});

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface Output {
  readonly Value: unknown;
}

interface Parsed {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, Output>>;
}

/** Resources of a type, by the beginning of their logical id, which the CDK ends in eight characters of a hash. */
export const resourcesOf = (template: object, type: string): Record<string, Resource> =>
  Object.fromEntries(
    Object.entries((template as Parsed).Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => [id.replace(/[0-9A-F]{8}$/, ''), resource]),
  );

/** @throws Error where there is none of that name, saying which there are */
export const resource = (template: object, type: string, name: string): Resource => {
  const all = resourcesOf(template, type);
  const found = all[name];
  if (found === undefined) throw new Error(`no ${type} ${name} among ${Object.keys(all).join(', ')}`);
  return found;
};

/** What a function is told, by the beginning of its logical id. */
export const variablesOf = (template: object, name: string): Record<string, unknown> => {
  const { Environment } = resource(template, 'AWS::Lambda::Function', `${name}Function`).Properties;
  return (Environment as { readonly Variables: Record<string, unknown> }).Variables;
};

export const outputsOf = (template: object): string[] => Object.keys((template as Parsed).Outputs ?? {});

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
}

/** Every statement of every policy, with the name of the policy's resource. */
export const statementsOf = (template: object): { readonly name: string; readonly statement: Statement }[] =>
  Object.entries((template as Parsed).Resources).flatMap(([id, { Properties }]) =>
    [Properties?.PolicyDocument, Properties?.KeyPolicy, Properties?.AssumeRolePolicyDocument]
      .filter(document => document !== undefined)
      .flatMap(document => (document as { readonly Statement: readonly Statement[] }).Statement)
      .map(statement => ({ name: id.replace(/[0-9A-F]{8}$/, ''), statement })),
  );

export const listed = <Value>(value: Value | readonly Value[]): readonly Value[] =>
  Array.isArray(value) ? value : [value as Value];
