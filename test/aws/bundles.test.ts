import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import { FunctionTimedOut, LambdaHost } from '../../src/adapters/local/emulation/lambda-host.ts';
import type { FunctionName } from '../../src/composition/emulated-aws.ts';
import { bundleOf } from '../../src/composition/emulated-aws.ts';
import { NEEDS } from '../support/function-needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'fanfare-bundles-'));
const hosts: LambdaHost[] = [];
beforeAll(async () => {
  await bundleFunctions(folder);
}, 60_000);
afterEach(() => Promise.all(hosts.splice(0).map(host => host.stop())));
afterAll(() => rmSync(folder, { recursive: true }));

const start = (bundle: URL, env: Readonly<Record<string, string>>, timeoutMs = 29_000): LambdaHost => {
  const host = new LambdaHost({ name: 'tested', bundle, env, timeoutMs });
  hosts.push(host);
  return host;
};

const startFunction = (name: FunctionName, env: Readonly<Record<string, string>>): Promise<void> =>
  start(bundleOf(pathToFileURL(`${folder}/`), name), { AWS_REGION: 'us-east-1', ...env }).ready();

const without = (env: Readonly<Record<string, string>>, variable: string) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name !== variable));

const CASES = Object.entries(NEEDS).flatMap(([name, env]) =>
  Object.keys(env).map(variable => [name as FunctionName, variable] as const),
);

describe('A function, as it is bundled', () => {
  test.each(Object.entries(NEEDS))('%s starts with what it needs', async (name, env) => {
    await startFunction(name as FunctionName, env);
  });

  test.each(CASES)('%s does not start without %s, and names it', async (name, variable) => {
    await expect(startFunction(name, without(NEEDS[name], variable))).rejects.toThrow(
      `${variable}: expected for this function, found nothing`,
    );
  });

  test('does not start with a variable of a wrong kind, or an unknown one, and names both', async () => {
    const env = { ...NEEDS.http, FANFARE_TOPIC_ARN: 'a-name', FANFARE_TOPIK: 'x' };
    const started = startFunction('http', env);
    await expect(started).rejects.toThrow('FANFARE_TOPIC_ARN: expected an ARN, found "a-name"');
    await expect(started).rejects.toThrow('FANFARE_TOPIK: there is no such variable');
  });
});

describe('A host of a function', () => {
  const NEVER = new URL('data:text/javascript,export const handler = () => new Promise(() => undefined);');
  const BROKEN = new URL(
    "data:text/javascript,export const handler = async () => { throw new TypeError('boom'); };",
  );

  test('gives up a function that takes longer than its timeout, and says so', async () => {
    const host = start(NEVER, {}, 10);
    await expect(host.invoke({})).rejects.toBeInstanceOf(FunctionTimedOut);
  });

  test("tells a function's error by its name", async () => {
    await expect(start(BROKEN, {}).invoke({})).rejects.toThrow('TypeError: boom');
  });

  test('refuses to invoke what has ended', async () => {
    const host = start(NEVER, {});
    await host.stop();
    await expect(host.invoke({})).rejects.toThrow('it has ended');
  });
});
