import { afterEach, describe, expect, it, vi } from 'vitest';
import { synthesizeAll } from '../../infra/synth.ts';
import { anEnvironment, resource } from './templates.ts';

const { compute } = synthesizeAll(anEnvironment({ api: { corsOrigins: ['https://app.example.com'] } }));

const FUNCTIONS: Readonly<Record<string, () => Promise<{ readonly handler: unknown }>>> = {
  Connect: () => import('../../src/composition/lambda/connect.ts'),
  Disconnect: () => import('../../src/composition/lambda/disconnect.ts'),
  Message: () => import('../../src/composition/lambda/message.ts'),
  Http: () => import('../../src/composition/lambda/http.ts'),
  FanOut: () => import('../../src/composition/lambda/fan-out.ts'),
  Deliver: () => import('../../src/composition/lambda/deliver.ts'),
  Presence: () => import('../../src/composition/lambda/presence.ts'),
};

/** What CloudFormation would put in place of a reference. */
const resolved = (variable: string): string => {
  if (variable.endsWith('_ARN')) return 'arn:aws:service:region:account:name';
  return /_URL$|_ENDPOINT$/.test(variable) ? 'https://service.example.com/name' : 'a-name';
};

/** Sets a function's variables as its template does, and Lambda's own. */
const setVariables = (name: string): void => {
  const { Environment } = resource(compute, 'AWS::Lambda::Function', `${name}Function`).Properties;
  const { Variables } = Environment as { readonly Variables: Readonly<Record<string, unknown>> };
  for (const [variable, value] of Object.entries(Variables)) {
    vi.stubEnv(variable, typeof value === 'string' ? value : resolved(variable));
  }
  vi.stubEnv('AWS_REGION', 'eu-west-1');
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

  it('would name the variable that its template left out', async () => {
    setVariables('Deliver');
    vi.stubEnv('FANFARE_MANAGEMENT_ENDPOINT', undefined);

    await expect(FUNCTIONS.Deliver?.()).rejects.toThrow('FANFARE_MANAGEMENT_ENDPOINT');
  });
});
