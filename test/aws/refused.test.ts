import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import { encodeJob, encodeMessage } from '../../src/adapters/aws/messaging/envelope.ts';
import { signToken } from '../../src/adapters/jose/token-signer.ts';
import type { FunctionName } from '../../src/composition/emulated-aws.ts';
import { bundleOf } from '../../src/composition/emulated-aws.ts';
import { documented } from '../support/aws-events/documented.ts';
import { aJob, aMessage } from '../support/builders.ts';
import { NEEDS } from '../support/function-needs.ts';
import type { Refusal } from '../support/refusing-aws.ts';
import { aRefusingAws } from '../support/refusing-aws.ts';

const SECRET = 'a secret that only this test run knows about';
const HOUR_MS = 3_600_000;
const RUNNER = fileURLToPath(new URL('../support/run-function.ts', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'fanfare-refused-'));
const bundles = pathToFileURL(`${folder}/`);
let authorization: string;
beforeAll(async () => {
  await bundleFunctions(folder);
  const request = { user: 'alice', admin: true, allow: {}, expiresInMs: HOUR_MS };
  authorization = `Bearer ${await signToken(SECRET, request, Date.now())}`;
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly answer?: { readonly statusCode?: number; readonly body?: string };
  readonly error?: string;
  readonly log: string;
}

/** One invocation in a process of its own, with AWS's own environment variables and nothing else. */
const run = async (name: FunctionName, event: unknown, refusal: Refusal): Promise<Run> => {
  const aws = await aRefusingAws(refusal, SECRET);
  const env = {
    ...NEEDS[name],
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    FANFARE_AWS_ENDPOINT: aws.endpoint,
  };
  try {
    const args = [RUNNER, bundleOf(bundles, name).href, JSON.stringify(event)];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
    const [, outcome = '{}'] = /^OUTCOME (.*)$/m.exec(stdout) ?? [];
    return { ...(JSON.parse(outcome) as object), log: stderr };
  } finally {
    aws.close();
  }
};

const withToken = (headers: object) => ({ ...headers, authorization });
const record = (body: string) => ({ Records: [{ ...documented.queue.Records[0], body }] });

const REFUSALS: readonly (readonly [string, Refusal, RegExp])[] = [
  ['a permission', 'AccessDeniedException', /the table \w+ may not be used/],
  ['a table', 'ResourceNotFoundException', /there is no table \w+ in DynamoDB/],
];

describe.each(REFUSALS)('Without %s, the function', (_what, refusal, cause) => {
  test('connect refuses the handshake, tells the caller nothing of it, and logs the cause', async () => {
    const event = { ...documented.connect, headers: withToken(documented.connect.headers) };
    const { answer, log } = await run('connect', event, refusal);
    const body = '{"message":"something went wrong on our side"}';
    expect(answer).toEqual({ statusCode: 503, body });
    expect(log).toMatch(cause);
  });

  test('message answers with an error frame, and logs the cause', async () => {
    const { answer, log } = await run('message', documented.message, refusal);
    const error = { type: 'error', code: 'internal', message: 'something went wrong on our side' };
    expect(JSON.parse(answer?.body ?? '')).toMatchObject(error);
    expect(log).toMatch(cause);
  });

  test('disconnect fails by name, since Lambda logs what an invocation fails with', async () => {
    expect((await run('disconnect', documented.disconnect, refusal)).error).toMatch(cause);
  });

  test('http answers 500 as a problem, and logs the cause', async () => {
    const headers = withToken(documented.http.headers);
    const body = '{"to":["user:alice"],"title":"hello"}';
    const { answer, log } = await run('http', { ...documented.http, headers, body }, refusal);
    expect(answer?.statusCode).toBe(500);
    const problem = { code: 'internal', detail: 'something went wrong on our side' };
    expect(JSON.parse(answer?.body ?? '')).toMatchObject(problem);
    expect(log).toMatch(cause);
  });

  test('fan-out hands its record back, for the dead-letter queue in the end, and logs the cause', async () => {
    const body = encodeMessage(aMessage(), 100_000);
    const { answer, log } = await run('fan-out', record(body), refusal);
    const itemIdentifier = documented.queue.Records[0].messageId;
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier }] });
    expect(log).toMatch(cause);
  });

  test('presence hands its look back, and logs the cause', async () => {
    const body = JSON.stringify({ channel: 'room:lobby', user: 'alice', reason: 'entered' });
    const { answer, log } = await run('presence', record(body), refusal);
    const itemIdentifier = documented.queue.Records[0].messageId;
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier }] });
    expect(log).toMatch(cause);
  });

  test('deliver hands a job back whose message it would have to read, and logs the cause', async () => {
    const { answer, log } = await run('deliver', record(encodeJob(aJob(), 10)), refusal);
    const itemIdentifier = documented.queue.Records[0].messageId;
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier }] });
    expect(log).toMatch(cause);
  });
});

test('The http function that is wired to something else says so', async () => {
  for (const event of [{}, documented.queue]) {
    expect((await run('http', event, 'AccessDeniedException')).error).toContain('not the event');
  }
});
