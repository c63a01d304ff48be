import {
  DynamoDBClient,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { DynamoConnectionRegistry } from '../../src/adapters/aws/dynamo/dynamo-connection-registry.ts';
import { DynamoIdempotencyStore } from '../../src/adapters/aws/dynamo/dynamo-idempotency-store.ts';
import { DynamoMessageStore } from '../../src/adapters/aws/dynamo/dynamo-message-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { aChannel, aConnection, aDraft } from '../support/builders.ts';
import {
  aNamespace,
  dynamoClient,
  emulated,
  localStack,
  ManualTimeRealWaits,
  whyNoLocalStack,
} from '../support/localstack.ts';
import type { Call, Fault } from '../support/localstack-faults.ts';
import { counting, firstCalls, withFault } from '../support/localstack-faults.ts';
import { testUnless } from '../support/test-unless.ts';

const LOBBY = aChannel('room:lobby');
const DAY_MS = 86_400_000;
const QUICKLY = { baseDelayMs: 1, maxDelayMs: 2, attempts: 5 };

const unavailable = whyNoLocalStack();
const promises = testUnless(unavailable);

describe('When DynamoDB is in trouble', () => {
  promises('what it left unprocessed is sent again, until all is done', async () => {
    const calls = new Map<string, number>();
    const oneByOne = firstCalls('BatchWriteItem', 3, leavingAllButOne);
    const { registry, connectionNow, membersOf } = world(call =>
      counting(calls)({ ...call, send: () => oneByOne(call) }),
    );
    const channels = [1, 2, 3, 4, 5, 6].map(index => aChannel(`room:${index}`));
    const connection = connectionNow();
    await registry.register(connection, channels);
    expect(await registry.remove(connection.id)).toBeDefined();
    expect(calls.get('BatchWriteItem')).toBe(4);
    for (const channel of channels) expect(await membersOf(channel)).toEqual([]);
  });

  promises('what was throttled is done in the end', async () => {
    const { registry, connectionNow, membersOf } = world(firstCalls('UpdateItem', 3, throttled));
    const connection = connectionNow();
    await registry.register(connection, [LOBBY]);
    expect(await registry.remove(connection.id)).toBeDefined();
    expect(await membersOf(LOBBY)).toEqual([]);
  });

  promises('a transaction in the way of another is done in the end', async () => {
    const { registry, store, connectionNow, draftNow } = world(
      firstCalls('TransactWriteItems', 3, inConflict),
    );
    expect(await registry.register(connectionNow(), [LOBBY])).toBe('registered');
    expect(await store.append(draftNow())).toMatchObject({ position: { offset: 1 }, duplicate: false });
  });

  promises('what is throttled for good ends as unavailable, with its cause', async () => {
    const calls = new Map<string, number>();
    const { registry, store, claims, connectionNow, draftNow } = world(call =>
      counting(calls)({ ...call, send: () => throttled(call) }),
    );
    const ends = {
      code: 'unavailable',
      retryable: true,
      cause: { name: 'ProvisionedThroughputExceededException' },
    };
    await expect(registry.find(connectionNow().id)).rejects.toMatchObject(ends);
    expect(calls.get('GetItem')).toBe(QUICKLY.attempts + 1);
    await expect(registry.register(connectionNow(), [LOBBY])).rejects.toMatchObject(ends);
    await expect(registry.remove(connectionNow().id)).rejects.toMatchObject(ends);
    await expect(store.append(draftNow())).rejects.toMatchObject(ends);
    await expect(claims.release('key')).rejects.toMatchObject(ends);
  });

  promises('a store that others are always faster in ends as unavailable', async () => {
    const { store, draftNow } = world(({ operation, input, send }) =>
      operation === 'TransactWriteItems' ? inConflict({ operation, input, send }) : send(),
    );
    await expect(store.append(draftNow())).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await expect(
      Promise.all(Array.from({ length: 40 }, () => store.append(draftNow()))),
    ).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect((await store.read(LOBBY, { after: 0, limit: 10 })).messages).toEqual([]);
  });

  promises('a table that does not exist is named', async () => {
    const { registry, store, claims, connectionNow, draftNow } = world(({ send }) => send(), 'no-such-table');
    const missing = { code: 'internal', message: expect.stringContaining('there is no table no-such-table') };
    await expect(registry.register(connectionNow(), [LOBBY])).rejects.toMatchObject(missing);
    await expect(registry.remove(connectionNow().id)).rejects.toMatchObject(missing);
    await expect(registry.members(LOBBY, { shard: 0, limit: 1 })).rejects.toMatchObject(missing);
    await expect(store.append(draftNow())).rejects.toMatchObject(missing);
    await expect(store.position(LOBBY)).rejects.toMatchObject(missing);
    await expect(claims.claim(aClaim())).rejects.toMatchObject(missing);
  });

  promises(
    'a table that may not be used, or takes something else, is named, and it is no passing matter',
    async () => {
      const denied = world(async () => {
        throw Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
      });
      const notUsed = { code: 'internal', message: expect.stringContaining('may not be used') };
      await expect(denied.registry.find(denied.connectionNow().id)).rejects.toMatchObject(notUsed);
      const other = world(({ send }) => send(), localStack().output('IdempotencyTable'));
      const refused = { code: 'internal', message: expect.stringContaining('refuses what it was asked') };
      await expect(other.registry.find(other.connectionNow().id)).rejects.toMatchObject(refused);
    },
  );

  test('a service that cannot be reached is unavailable, with its cause', async () => {
    const config = { ...emulated('http://127.0.0.1:9'), maxAttempts: 1 };
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(config));
    const parts = { client, table: 'claims', clock: new ManualTimeRealWaits(), ids: new RandomIds() };
    await expect(new DynamoIdempotencyStore(parts).claim(aClaim())).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('the table claims cannot be reached'),
      cause: { code: 'ECONNREFUSED' },
    });
  });
});

describe('When an answer of DynamoDB is lost, and the call made again', () => {
  const twice = async ({ send }: Call): Promise<object> => {
    await send();
    return send();
  };

  promises('who registered is the one who registered', async () => {
    const { registry, connectionNow } = world(firstCalls('TransactWriteItems', 1, twice));
    expect(await registry.register(connectionNow(), [LOBBY])).toBe('registered');
  });

  promises('what was appended is no duplicate of itself', async () => {
    const { store, draftNow } = world(firstCalls('TransactWriteItems', 1, twice));
    expect(await store.append(draftNow())).toMatchObject({ position: { offset: 1 }, duplicate: false });
  });

  promises('who claimed a key, or took it over, has claimed it', async () => {
    const { claims, clock } = world(call =>
      ['PutItem', 'UpdateItem'].includes(call.operation) ? twice(call) : call.send(),
    );
    expect(await claims.claim(aClaim())).toEqual({ status: 'claimed', seed: 'seed-1' });
    await clock.advance(10_000);
    expect(await claims.claim(aClaim({ seed: 'seed-2' }))).toEqual({ status: 'claimed', seed: 'seed-1' });
    expect(await claims.claim(aClaim({ seed: 'seed-3' }))).toMatchObject({ status: 'in-progress' });
  });
});

const aClaim = (set = {}) => ({
  key: 'alice/order-1',
  fingerprint: 'digest-1',
  seed: 'seed-1',
  leaseMs: 10_000,
  ttlMs: DAY_MS,
  ...set,
});

const throttled: Fault = async () => {
  throw new ProvisionedThroughputExceededException({
    message: 'throttled',
    $metadata: { httpStatusCode: 400 },
  });
};

const inConflict: Fault = async () => {
  throw new TransactionCanceledException({
    message: 'cancelled',
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
  });
};

/** Does one write of a batch, and hands the others back. */
const leavingAllButOne = async ({ input, send }: Call): Promise<object> => {
  const batch = input as { RequestItems: Record<string, object[]> };
  const [[table, writes] = ['', []]] = Object.entries(batch.RequestItems);
  const left = writes.splice(1);
  return { ...(await send()), UnprocessedItems: { [table]: left } };
};

/** The three stores over one client with a fault, in a namespace of their own. */
const world = (fault: Fault, table?: string) => {
  const clock = new ManualTimeRealWaits();
  const client = withFault(dynamoClient(), fault);
  const shared = { client, clock, ids: new RandomIds(), namespace: aNamespace(), retry: QUICKLY };
  const tableOf = (name: string): string => table ?? localStack().output(name);
  const registry = new DynamoConnectionRegistry({
    ...shared,
    table: tableOf('ConnectionsTable'),
    shards: { default: 1, broadcast: 1 },
  });
  return {
    clock,
    registry,
    store: new DynamoMessageStore({ ...shared, table: tableOf('MessagesTable') }),
    claims: new DynamoIdempotencyStore<string>({ ...shared, table: tableOf('IdempotencyTable') }),
    connectionNow: () => aConnection({ connectedAt: clock.now(), expiresAt: clock.now() + 7_200_000 }),
    draftNow: (set = {}) => aDraft({ channel: LOBBY, sentAt: clock.now(), ...set }),
    membersOf: async (channel: ReturnType<typeof aChannel>) =>
      (await registry.members(channel, { shard: 0, limit: 100 })).connectionIds,
  };
};
