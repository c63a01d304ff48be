import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect } from 'vitest';
import { DynamoMessageStore } from '../../src/adapters/aws/dynamo/dynamo-message-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import type { LogQuery } from '../../src/ports/message-store.ts';
import { aChannel, aDraft } from '../support/builders.ts';
import {
  aNamespace,
  dynamoClient,
  localStack,
  ManualTimeRealWaits,
  whyNoLocalStack,
} from '../support/localstack.ts';
import type { Fault } from '../support/localstack-faults.ts';
import { firstCalls, withFault } from '../support/localstack-faults.ts';
import { testUnless } from '../support/test-unless.ts';

const LOBBY = aChannel('room:lobby');
const MINUTE_MS = 60_000;

const unavailable = whyNoLocalStack();
const promises = testUnless(unavailable);

describe('A log in DynamoDB', () => {
  promises('has no gap in a page, even where TTL deleted a younger message before an older one', async () => {
    const { store, append, ttlDeletes, offsets } = world();
    await append(6);
    await ttlDeletes(3);
    expect(await offsets({ after: 0, limit: 10 })).toEqual({
      offsets: [4, 5, 6],
      complete: true,
      trimmed: true,
    });
    expect(await offsets({ after: 0, limit: 1 })).toEqual({ offsets: [1], complete: false, trimmed: false });
    expect(await offsets({ after: 3, limit: 2 })).toEqual({
      offsets: [4, 5],
      complete: false,
      trimmed: false,
    });
    expect(await offsets({ limit: 4 })).toEqual({ offsets: [4, 5, 6], complete: true, trimmed: true });
    expect(await offsets({ limit: 3 })).toEqual({ offsets: [4, 5, 6], complete: true, trimmed: false });
    expect(await offsets({ before: 4, limit: 2 })).toEqual({ offsets: [], complete: true, trimmed: true });
    expect((await store.position(LOBBY)).offset).toBe(6);
  });

  promises(
    'does not show what has aged, however late TTL deletes it, and however much of it there is',
    async () => {
      const { append, clock, offsets } = world();
      await append(30);
      await clock.advance(MINUTE_MS);
      await append(3);
      const kept = { offsets: [31, 32, 33], complete: true };
      expect(await offsets({ after: 0, limit: 5 })).toEqual({ ...kept, trimmed: true });
      expect(await offsets({ after: 0, limit: 2 })).toEqual({
        offsets: [31, 32],
        complete: false,
        trimmed: true,
      });
      expect(await offsets({ limit: 3 })).toEqual({ ...kept, trimmed: false });
    },
  );

  promises('keeps a message whose sender has a slow clock for as long as those before it', async () => {
    const { store, draftNow, clock, offsets } = world();
    await store.append(draftNow());
    await store.append(draftNow({ sentAt: clock.now() - 1_000 }));
    await clock.advance(MINUTE_MS - 500);
    expect(await offsets({ after: 0, limit: 5 })).toMatchObject({ offsets: [1, 2], trimmed: false });
  });

  promises('refuses content that no item has room for, and writes the others', async () => {
    const { store, draftNow } = world();
    const content = { kind: 'data', data: 'x'.repeat(400_000) } as const;
    const [large, small] = await Promise.allSettled([
      store.append(draftNow({ content })),
      store.append(draftNow()),
    ]);
    expect(large).toMatchObject({ status: 'rejected', reason: { code: 'too-large' } });
    expect(small).toMatchObject({ status: 'fulfilled', value: { position: { offset: 1 } } });
  });

  promises('carries numbers and texts that DynamoDB has no words for', async () => {
    const { store, draftNow } = world();
    const data = {
      tiny: 5e-324,
      huge: Number.MAX_VALUE,
      precise: 0.1 + 0.2,
      empty: '',
      '': [''],
      zero: '\0',
    };
    await store.append(draftNow({ content: { kind: 'data', data } }));
    const { messages } = await store.read(LOBBY, { limit: 1 });
    expect(messages[0]?.content).toEqual({ kind: 'data', data });
  });
});

describe('The waiting room of a log in DynamoDB', () => {
  promises('is empty again when everyone is in', async () => {
    const { aStore, draftNow, waiting } = world();
    await Promise.all(Array.from({ length: 12 }, () => aStore().append(draftNow())));
    expect(await waiting()).toEqual([]);
  });

  promises('is taken along by whoever comes, and who waited learns their place', async () => {
    const { aStore, draftNow, offsets, waiting } = world(overtaken(2));
    const appended = await Promise.all([aStore().append(draftNow()), aStore().append(draftNow())]);
    expect(appended.map(({ duplicate }) => duplicate)).toEqual([false, false]);
    expect(appended.map(({ position }) => position.offset).sort()).toEqual([1, 2]);
    expect(await offsets({ after: 0, limit: 5 })).toMatchObject({ offsets: [1, 2] });
    expect(await waiting()).toEqual([]);
  });

  promises('is left with what a crashed instance had to say, unless that is old', async () => {
    const { store, clock, draftNow, leave, waiting } = world(overtaken(2));
    await leave('forsaken', clock.now() - 30_001);
    await leave('recent', clock.now() - 30_000);
    const draft = draftNow();
    await store.append(draft);
    const { messages } = await store.read(LOBBY, { after: 0, limit: 20 });
    expect(messages.map(({ id }) => id)).toEqual(['recent', draft.id]);
    expect(await waiting()).toEqual([]);
  });

  promises('knows what stands in the log already for a duplicate', async () => {
    const { store, draftNow, waiting } = world(overtaken(2, 1));
    const draft = draftNow();
    const first = await store.append(draft);
    expect(await store.append(draft)).toEqual({ position: first.position, duplicate: true });
    expect((await store.position(LOBBY)).offset).toBe(1);
    expect(await waiting()).toEqual([]);
  });
});

/** A fault: after the first so many, transactions are in the way of others so many times. */
const overtaken = (times: number, afterwards = 0): Fault => {
  const conflict = firstCalls('TransactWriteItems', times, async () => {
    throw Object.assign(new Error('in conflict'), { name: 'TransactionConflictException' });
  });
  let done = 0;
  return call =>
    call.operation === 'TransactWriteItems' && done++ < afterwards ? call.send() : conflict(call);
};

const world = (fault: Fault = ({ send }) => send()) => {
  const [clock, namespace, TableName] = [
    new ManualTimeRealWaits(),
    aNamespace(),
    localStack().output('MessagesTable'),
  ];
  const client = withFault(dynamoClient(), fault);
  const retention = () => ({ maxAgeMs: MINUTE_MS });
  const aStore = () =>
    new DynamoMessageStore({ client, clock, ids: new RandomIds(), namespace, table: TableName, retention });
  const store = aStore();
  const draftNow = (set = {}) => aDraft({ channel: LOBBY, sentAt: clock.now(), ...set });
  const pk = `${namespace}${LOBBY}`;
  return {
    clock,
    store,
    aStore,
    draftNow,
    append: async (count: number) => {
      for (let done = 0; done < count; done++) await store.append(draftNow());
    },
    offsets: async (query: LogQuery) => {
      const { messages, complete, trimmed } = await store.read(LOBBY, query);
      return { offsets: messages.map(({ offset }) => offset), complete, trimmed };
    },
    ttlDeletes: (sk: number) => client.send(new DeleteCommand({ TableName, Key: { pk, sk } })),
    /** Puts a message into the waiting room, as an instance that died would leave it. */
    leave: async (id: string, since: number) => {
      const entry = { id, sentAt: clock.now(), from: 'bob', content: '{"kind":"data","data":1}', token: id };
      const Item = {
        pk: `${pk}#waiting`,
        sk: Math.floor(Math.random() * 1e9),
        token: id,
        since,
        entries: [entry],
      };
      await client.send(new PutCommand({ TableName, Item }));
    },
    waiting: async () => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': `${pk}#waiting` },
        }),
      );
      return Items;
    },
  };
};
