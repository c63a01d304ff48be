import { afterEach, describe, expect, it, vi } from 'vitest';
import { synthesizeAll } from '../../infra/synth.ts';
import { anEnvironment, resource, SMALL_PUSH } from './templates.ts';

const api = { corsOrigins: ['https://app.example.com'] };
const { compute } = synthesizeAll(anEnvironment({ api }));
const {
  compute: withData = {},
  push = {},
  schema = {},
} = synthesizeAll(anEnvironment({ api, push: SMALL_PUSH }));

const FUNCTIONS: Readonly<Record<string, () => Promise<{ readonly handler: unknown }>>> = {
  Connect: () => import('../../src/composition/lambda/connect.ts'),
  Disconnect: () => import('../../src/composition/lambda/disconnect.ts'),
  Message: () => import('../../src/composition/lambda/message.ts'),
  Http: () => import('../../src/composition/lambda/http.ts'),
  FanOut: () => import('../../src/composition/lambda/fan-out.ts'),
  Deliver: () => import('../../src/composition/lambda/deliver.ts'),
  Presence: () => import('../../src/composition/lambda/presence.ts'),
};

const { push: withPhones = {} } = synthesizeAll(
  anEnvironment({ push: { ...SMALL_PUSH, apns: { secretName: 'fanfare/apns' } } }),
);

/** Where push is on: the template that each is in, and its name there. */
const WITH_PUSH: Readonly<
  Record<string, readonly [object, string, () => Promise<{ readonly handler: unknown }>]>
> = {
  HttpWithData: [withData, 'Http', () => import('../../src/composition/lambda/http-with-data.ts')],
  Message: [withData, 'Message', () => import('../../src/composition/lambda/message.ts')],
  Schedule: [push, 'Schedule', () => import('../../src/composition/lambda/schedule.ts')],
  Push: [push, 'Push', () => import('../../src/composition/lambda/push.ts')],
  Platforms: [withPhones, 'Platforms', () => import('../../src/composition/lambda/platforms.ts')],
  Trail: [push, 'Trail', () => import('../../src/composition/lambda/trail.ts')],
  Migrate: [schema, 'Migrate', () => import('../../src/composition/lambda/migrate.ts')],
};

/** What CloudFormation would put in place of a reference. */
const resolved = (variable: string): string => {
  if (variable === 'FANFARE_VALKEY_URL') return 'valkeys://somebody@cache.example.com:6379';
  if (variable === 'FANFARE_POSTGRES_URL') return 'postgres://somebody@database.example.com:5432/fanfare';
  if (variable.endsWith('_ARN')) return 'arn:aws:service:region:account:name';
  return /_URL$|_ENDPOINT$/.test(variable) ? 'https://service.example.com/name' : 'a-name';
};

/** Sets a function's variables as its template does, and Lambda's own. */
const setVariables = (name: string, template: object = compute): void => {
  const { Environment } = resource(template, 'AWS::Lambda::Function', `${name}Function`).Properties;
  const { Variables } = Environment as { readonly Variables: Readonly<Record<string, unknown>> };
  for (const [variable, value] of Object.entries(Variables)) {
    vi.stubEnv(variable, typeof value === 'string' ? value : resolved(variable));
  }
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  // Where nobody answers, and says so at once: a function that asks for a password as it starts, starts without.
  vi.stubEnv('FANFARE_AWS_ENDPOINT', 'http://127.0.0.1:9');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

describe('a function', () => {
  it.each(Object.entries(FUNCTIONS))('%s starts with the variables of its template', async (name, load) => {
    setVariables(name);

    expect((await load()).handler).toBeTypeOf('function');
  });

  it.each(Object.entries(WITH_PUSH))(
    '%s starts with the variables of its template where push is on',
    async (_, [template, name, load]) => {
      setVariables(name, template);

      expect((await load()).handler).toBeTypeOf('function');
    },
  );

  it('would name the variable that its template left out', async () => {
    setVariables('Deliver');
    vi.stubEnv('FANFARE_MANAGEMENT_ENDPOINT', undefined);

    await expect(FUNCTIONS.Deliver?.()).rejects.toThrow('FANFARE_MANAGEMENT_ENDPOINT');
  });
});
