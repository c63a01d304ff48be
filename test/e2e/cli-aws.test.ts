import { mkdirSync, writeFileSync } from 'node:fs';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synthesize, testEnvironment } from '../../infra/synth.ts';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import { prepareEmulator } from '../../src/composition/emulated-aws.ts';
import type { Outcome } from '../support/cli.ts';
import { aFreePort, announced, Cli, complaintOf } from '../support/cli.ts';
import { FanfareSocket } from '../support/fanfare-socket.ts';
import { localStack, whyNoLocalStack } from '../support/localstack.ts';
import { until } from '../support/until.ts';

const unavailable = whyNoLocalStack();
const templates = synthesize(testEnvironment);

const inEmulation = (sentence: string, body: () => Promise<void>): void =>
  test(sentence, async context => {
    if (unavailable !== undefined) context.skip(unavailable);
    await body();
  });

let cli: Cli;
/** The stacks that the command would make. */
const deployed = () =>
  prepareEmulator(localStack().endpoint, 'fanfare-dev', { value: 'x'.repeat(32), created: false }, templates);

beforeAll(async () => {
  cli = new Cli();
  // What `npm run build` makes of them.
  await bundleFunctions();
  const folder = new URL('../../dist/templates/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [name, template] of Object.entries(templates)) {
    writeFileSync(new URL(`${name}.json`, folder), JSON.stringify(template));
  }
  if (unavailable === undefined) await deployed();
}, 60_000);
afterAll(() => cli.end());

const dev = (aws: string): Promise<Outcome> => cli.run(['dev', '--port', '0', '--aws', aws]);

describe('fanfare dev --aws', () => {
  inEmulation('announces itself, and what is posted arrives', async () => {
    const server = cli.start(['dev', '--port', '0', '--aws', localStack().endpoint]);
    await until(() => server.stdout.includes('token') || !server.running, 15_000);
    const { url, token } = await announced(server);
    const admin = await FanfareSocket.open(url, token);
    const response = await fetch(`${url}/v1/notifications`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ to: ['user:admin'], title: 'Hello' }),
    });
    expect(response.status).toBe(202);
    await until(() => admin.pushed('user:admin').length === 1, 10_000);
    server.signal('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });

  inEmulation('does not start without a table, and names it, its variable and its keys', async () => {
    const { env } = await deployed();
    const table = env.FANFARE_MESSAGES_TABLE;
    const client = new DynamoDBClient(localStack().config);
    await client.send(new DeleteTableCommand({ TableName: table }));
    client.destroy();
    const outcome = await dev(localStack().endpoint);
    const why = `FANFARE_MESSAGES_TABLE: expected the table ${table} with the keys pk (S), sk (N), found nothing`;
    expect(complaintOf(outcome)).toBe(`fanfare: --aws ${localStack().endpoint}: ${why}`);
    expect(outcome.code).toBe(1);
  });

  test('does not start where nobody answers, and says so', async () => {
    const nobody = `http://127.0.0.1:${await aFreePort()}`;
    const outcome = await dev(nobody);
    expect(complaintOf(outcome)).toContain(`--aws ${nobody}: `);
    expect(outcome.code).toBe(1);
  });

  test('does not start for what is no URL', async () => {
    const outcome = await dev('localstack');
    expect(complaintOf(outcome)).toBe('fanfare: --aws: expected an http or https URL, found "localstack"');
    expect(outcome.code).toBe(2);
  });
});
