import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { DynamoConnectionRegistry } from '../../src/adapters/aws/dynamo/dynamo-connection-registry.ts';
import { DynamoMessageStore } from '../../src/adapters/aws/dynamo/dynamo-message-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import type { MessageId } from '../../src/domain/ids.ts';
import type { Appended } from '../../src/ports/message-store.ts';
import { aChannel, aConnection, aDraft } from '../support/builders.ts';
import {
  aNamespace,
  dynamoClient,
  localStack,
  ManualTimeRealWaits,
  whyNoLocalStack,
} from '../support/localstack.ts';
import type { Fault } from '../support/localstack-faults.ts';
import { counting, firstCalls, withFault } from '../support/localstack-faults.ts';
import { testUnless } from '../support/test-unless.ts';

const LOBBY = aChannel('room:lobby');
const LONG_MS = 120_000;

const unavailable = whyNoLocalStack();
const promises = testUnless(unavailable, LONG_MS);

describe('DynamoMessageStore, with many instances', () => {
  promises('20 writers to one channel leave no gap and nothing twice', async () => {
    const calls = new Map<string, number>();
    const { aStore, draftNow } = stores(counting(calls));
    const [writers, each] = [20, 10];
    const began = performance.now();
    let slowestMs = 0;
    const appended = await Promise.all(
      Array.from({ length: writers }, async () => {
        const store = aStore();
        const own: Appended[] = [];
        for (let done = 0; done < each; done++) {
          const asked = performance.now();
          own.push(await store.append(draftNow()));
          slowestMs = Math.max(slowestMs, performance.now() - asked);
        }
        return own;
      }),
    );
    const seconds = (performance.now() - began) / 1_000;
    expect(offsetsOf(appended.flat())).toEqual(countingTo(writers * each));
    for (const own of appended) expect(offsetsOf(own)).toEqual(own.map(({ position }) => position.offset));
    const { messages } = await aStore().read(LOBBY, { after: 0, limit: 1_000 });
    expect(messages.map(({ offset }) => offset)).toEqual(countingTo(writers * each));
    expect(new Set(messages.map(({ id }) => id)).size).toBe(writers * each);
    const perAppend = (operation: string): string =>
      ((calls.get(operation) ?? 0) / (writers * each)).toFixed(2);
    console.info(
      `${writers} writers, one message at a time: ${Math.round((writers * each) / seconds)} appends/s, ` +
        `the slowest in ${Math.round(slowestMs)} ms; ` +
        `per append ${perAppend('TransactWriteItems')} transactions, ` +
        `${perAppend('TransactWriteItems refused')} of them refused (${describeCalls(calls)})`,
    );
  });

  promises('what one instance gets at once is written in as few transactions as hold it', async () => {
    const calls = new Map<string, number>();
    const { aStore, draftNow } = stores(counting(calls));
    const [store, began] = [aStore(), performance.now()];
    const appended = await Promise.all(Array.from({ length: 99 }, () => store.append(draftNow())));
    const seconds = (performance.now() - began) / 1_000;
    expect(appended.map(({ position }) => position.offset)).toEqual(countingTo(99));
    expect(calls.get('TransactWriteItems')).toBe(3);
    console.info(`1 writer, 99 messages at once: ${Math.round(99 / seconds)} appends/s in 3 transactions`);
  });

  promises('large messages are written in as many transactions as they need', async () => {
    const { aStore, draftNow } = stores();
    const [store, text] = [aStore(), 'x'.repeat(125_000)];
    const content = { kind: 'data', data: { text } } as const;
    await Promise.all(Array.from({ length: 40 }, () => store.append(draftNow({ content }))));
    const { messages, complete } = await store.read(LOBBY, { after: 0, limit: 40 });
    expect(messages.map(({ offset }) => offset)).toEqual(countingTo(40));
    expect(complete).toBe(true);
  });

  promises('of one message that many instances append at once, exactly one is no duplicate', async () => {
    const { aStore, draftNow } = stores();
    const draft = draftNow();
    const others = Array.from({ length: 6 }, () => aStore().append(draftNow()));
    const same = await Promise.all(Array.from({ length: 8 }, () => aStore().append(draft)));
    await Promise.all(others);
    expect(same.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(new Set(offsetsOf(same)).size).toBe(1);
    expect(await aStore().position(LOBBY)).toMatchObject({ offset: 7 });
  });

  promises(
    'whatever is written by how many at once, each message stands once, where it was said to',
    async () => {
      const writer = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(fc.array(writer, { minLength: 2, maxLength: 6 }), async writers => {
          const { aStore, draftNow } = stores();
          const at = new Map<MessageId, Set<number>>();
          const fresh: Appended[] = [];
          await Promise.all(
            writers.map(async ids => {
              const store = aStore();
              const drafts = ids.map(id => draftNow({ id: `message-${id}` as MessageId }));
              for (const [index, appended] of (
                await Promise.all(drafts.map(d => store.append(d)))
              ).entries()) {
                const id = drafts[index]?.id ?? ('' as MessageId);
                at.set(id, (at.get(id) ?? new Set()).add(appended.position.offset));
                if (!appended.duplicate) fresh.push(appended);
              }
            }),
          );
          expect(offsetsOf(fresh)).toEqual(countingTo(at.size));
          const { messages } = await aStore().read(LOBBY, { after: 0, limit: 100 });
          expect(messages.map(({ offset }) => offset)).toEqual(countingTo(at.size));
          for (const { id, offset } of messages) expect(at.get(id)).toEqual(new Set([offset]));
        }),
        { numRuns: 8 },
      );
    },
  );
});

describe('DynamoConnectionRegistry, with many instances', () => {
  promises('whatever two instances do around a removal, no member is left behind', async () => {
    const rooms = [0, 1, 2].map(index => aChannel(`room:${index}`));
    const step = fc.record({
      call: fc.constantFrom('register', 'subscribe', 'unsubscribe', 'remove'),
      room: fc.nat({ max: 2 }),
      instance: fc.nat({ max: 1 }),
      laterMs: fc.nat({ max: 15 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async steps => {
        const { aRegistry, connectionNow, membersLeft } = registries();
        const instances = [aRegistry(), aRegistry()];
        const connection = connectionNow();
        const run = async ({ call, room, instance, laterMs }: (typeof steps)[number]): Promise<void> => {
          const registry = instances[instance] ?? aRegistry();
          const channel = rooms[room] ?? LOBBY;
          await new Promise(resolve => setTimeout(resolve, laterMs));
          if (call === 'register') await registry.register(connection, [channel, LOBBY]);
          else await registry[call](connection.id, channel);
        };
        await Promise.all([
          run({ call: 'register', room: 0, instance: 0, laterMs: 0 }),
          run({ call: 'remove', room: 0, instance: 1, laterMs: 8 }),
          ...steps.map(run),
        ]);
        expect(await aRegistry().find(connection.id)).toBeUndefined();
        for (const channel of [...rooms, LOBBY]) expect(await membersLeft(channel)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  promises('a removal that died half-way is finished by the next', async () => {
    const dying = firstCalls('BatchWriteItem', 1, async () => {
      throw new Error('the process died');
    });
    const { aRegistry, connectionNow, membersLeft } = registries(dying);
    const [registry, connection] = [aRegistry(), connectionNow()];
    await registry.register(connection, [LOBBY]);
    await expect(registry.remove(connection.id)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await registry.find(connection.id)).toBeUndefined();
    expect(await membersLeft(LOBBY)).toHaveLength(1);
    expect(await registry.remove(connection.id)).toBeUndefined();
    expect(await membersLeft(LOBBY)).toEqual([]);
  });

  promises('members are found again after shards were added', async () => {
    const { aRegistry, connectionNow, membersLeft } = registries();
    const [before, after] = [aRegistry(1), aRegistry(8)];
    const connections = Array.from({ length: 12 }, () => connectionNow());
    for (const connection of connections) await before.register(connection, [LOBBY]);
    const [leaving = [], removed = []] = [connections.slice(0, 6), connections.slice(6)];
    for (const { id } of leaving) expect(await after.subscribe(id, LOBBY)).toBe('known');
    for (const { id } of leaving) expect(await after.unsubscribe(id, LOBBY)).toBe(true);
    for (const { id } of removed) expect(await after.remove(id)).toBeDefined();
    expect(await membersLeft(LOBBY)).toEqual([]);
  });
});

const stores = (fault: Fault = ({ send }) => send()) => {
  const clock = new ManualTimeRealWaits();
  // An emulator on a busy machine takes its time; here it is about what happens, not how soon.
  const retry = { baseDelayMs: 10, maxDelayMs: 200, attempts: 200 };
  const shared = { clock, ids: new RandomIds(), namespace: aNamespace(), retry };
  const table = localStack().output('MessagesTable');
  const client = withFault(dynamoClient(), fault);
  return {
    aStore: () => new DynamoMessageStore({ ...shared, table, client }),
    draftNow: (set = {}) => aDraft({ channel: LOBBY, sentAt: clock.now(), ...set }),
  };
};

const registries = (fault: Fault = ({ send }) => send()) => {
  const clock = new ManualTimeRealWaits();
  const shared = { clock, ids: new RandomIds(), namespace: aNamespace() };
  const table = localStack().output('ConnectionsTable');
  const client = withFault(dynamoClient(), fault);
  const membersIn = async (channel: string, shard: number) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `${shared.namespace}M#${channel}#${shard}` },
      }),
    );
    return Items;
  };
  return {
    aRegistry: (shards = 2) =>
      new DynamoConnectionRegistry({
        ...shared,
        table,
        client,
        shards: { default: shards, broadcast: shards },
      }),
    connectionNow: () => aConnection({ connectedAt: clock.now(), expiresAt: clock.now() + 7_200_000 }),
    /** What stands in the table, whether or not a reader would leave it out. */
    membersLeft: async (channel: string) =>
      (await Promise.all(countingTo(8).map(shard => membersIn(channel, shard - 1)))).flat(),
  };
};

const offsetsOf = (appended: readonly Appended[]): readonly number[] =>
  appended.map(({ position }) => position.offset).sort((a, b) => a - b);

const countingTo = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);

const describeCalls = (calls: ReadonlyMap<string, number>): string =>
  [...calls].map(([operation, count]) => `${count} ${operation}`).join(', ');
