import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ScanCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { synthesize, testEnvironment } from '../../infra/synth.ts';
import { deployStack } from '../../src/adapters/local/emulation/deploy-stack.ts';
import { resolveStack } from '../support/deployed-stack.ts';
import { localStack, whyNoLocalStack } from '../support/localstack.ts';
import { testUnless } from '../support/test-unless.ts';

const STACK = 'fanfare-standin';
const ROOT = join(import.meta.dirname, '../..');
/** What would change a nested run. */
const NOT_FOR_NESTED = /^(VITEST|FANFARE_|LOCALSTACK_|AWS_)/;

const unavailable = whyNoLocalStack();

const onStandIn = testUnless(unavailable);

const folder = mkdtempSync(join(tmpdir(), 'fanfare-parity-'));
let cloudFormation: CloudFormationClient;
let dynamo: DynamoDBClient;
beforeAll(async () => {
  if (unavailable !== undefined) return;
  cloudFormation = new CloudFormationClient(localStack().config);
  dynamo = new DynamoDBClient(localStack().config);
  const parts = Object.entries(synthesize(testEnvironment));
  await Promise.all(
    parts.map(([part, template]) => deployStack(cloudFormation, `${STACK}-${part}`, () => template)),
  );
}, 60_000);
afterAll(() => {
  cloudFormation?.destroy();
  dynamo?.destroy();
  rmSync(folder, { recursive: true });
});

/** A run of one contract file with the report of parity, as `npm run parity` makes it of all. @returns the report */
const report = async (env: Readonly<Record<string, string>>): Promise<string> => {
  const file = join(folder, 'parity.md');
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_FOR_NESTED.test(name));
  const args = ['vitest', 'run', 'test/contract/dynamo-idempotency-store.test.ts'];
  args.push('--reporter=./test/support/parity-reporter.ts');
  const options = { cwd: ROOT, env: { ...Object.fromEntries(inherited), PARITY_FILE: file, ...env } };
  await promisify(execFile)('npx', args, options);
  return readFileSync(file, 'utf8');
};

const headOf = (text: string): string =>
  text.split('\n').find(line => line.startsWith('| promise |') && line.includes('Idempotency')) ?? '';

describe('The optional columns of the parity report', () => {
  onStandIn(
    'hold a deployed stack, found by its name, to the same promises, and leave nothing behind in its tables',
    async () => {
      const { endpoint, config } = localStack();
      const text = await report({
        FANFARE_STACK: STACK,
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: config.region,
        AWS_ACCESS_KEY_ID: config.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: config.credentials.secretAccessKey,
      });
      const host = new URL(endpoint).hostname;
      const column = `DynamoIdempotencyStore on the stack ${STACK}, at ${host}`;
      expect(headOf(text)).toBe(`| promise | DynamoIdempotencyStore | ${column} |`);
      expect(text).toContain('| of many claims at once, exactly one is claimed | held | held |');
      expect(text).not.toContain('not held');
      const { IdempotencyTable } = await resolveStack({ cloudFormation, dynamo }, STACK, undefined);
      expect((await dynamo.send(new ScanCommand({ TableName: IdempotencyTable }))).Count).toBe(0);
    },
    120_000,
  );

  onStandIn(
    "hold LocalStack's full edition to the same promises, here stood in for by the open one",
    async () => {
      const image = 'localstack/localstack:4.14.0';
      const text = await report({ LOCALSTACK_AUTH_TOKEN: 'none', LOCALSTACK_IMAGE: image });
      const column = `DynamoIdempotencyStore on ${image}`;
      expect(headOf(text)).toBe(`| promise | DynamoIdempotencyStore | ${column} |`);
      expect(text).toContain('| of many claims at once, exactly one is claimed | held | held |');
    },
    180_000,
  );

  onStandIn(
    'are not there unasked',
    async () => {
      expect(headOf(await report({}))).toBe('| promise | DynamoIdempotencyStore |');
    },
    120_000,
  );

  onStandIn('are refused for a stack that is not there', async () => {
    await expect(resolveStack({ cloudFormation, dynamo }, 'fanfare-nowhere', undefined)).rejects.toThrow(
      'does not exist',
    );
  });

  onStandIn('are refused for a stack whose tables are protected, unless it is named twice', async () => {
    const outputs = await resolveStack({ cloudFormation, dynamo }, STACK, undefined);
    const protect = (DeletionProtectionEnabled: boolean) =>
      dynamo.send(new UpdateTableCommand({ TableName: outputs.MessagesTable, DeletionProtectionEnabled }));
    await protect(true);
    const resolved = resolveStack({ cloudFormation, dynamo }, STACK, undefined);
    await expect(resolved).rejects.toThrow(`set FANFARE_STACK_CONFIRM=${STACK}`);
    expect(await resolveStack({ cloudFormation, dynamo }, STACK, STACK)).toEqual(outputs);
    await protect(false);
  });
});
