/**
 * `npm run bench:metadata`: what keeping a notification's own records in Valkey, before the database, would save,
 * and what it would cost. What it measures: ../README.md. What follows from it: docs/adr/0020.
 */
import { parseArgs } from 'node:util';
import { Database } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { PostgresIdempotencyStore } from '../../src/adapters/postgres/postgres-idempotency-store.ts';
import { PostgresInboxStore } from '../../src/adapters/postgres/postgres-inbox-store.ts';
import { PostgresMessageStore } from '../../src/adapters/postgres/postgres-message-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { ValkeyCache } from '../../src/adapters/valkey/valkey-cache.ts';
import { userChannel } from '../../src/domain/channel.ts';
import { notificationId, userId } from '../../src/domain/ids.ts';
import type { NotificationReceipt } from '../../src/domain/notification.ts';
import { messageIdFor } from '../../src/domain/notification.ts';
import type { Cache } from '../../src/ports/cache.ts';
import { describeMachine, pinThisProcess } from '../machine.ts';
import { readable, spread } from '../report.ts';
import { startServers } from './servers.ts';

const { values: options } = parseArgs({ options: { repeat: { type: 'string', default: '3' } } });

const MEASURED = 1_000;
const DAY_MS = 86_400_000;

const [clock, ids] = [new SystemClock(), new RandomIds()];
const shop = userId('shop');

/** What a notification does to the database, one after the other, and what might be asked of Valkey instead. */
const stepsOn = (database: Database, cache: Cache<NotificationReceipt>) => {
  const keys = new PostgresIdempotencyStore<NotificationReceipt>({ database, clock });
  const store = new PostgresMessageStore({ database, clock, ids });
  const inbox = new PostgresInboxStore({ database, clock });
  const run = ids.next();

  const about = (number: number) => {
    const user = userId(`user-${number % 50}`);
    const notification = {
      id: notificationId(`ntf_${run}_${number}`),
      to: [userChannel(user)],
      title: 'Shipped',
      priority: 'normal',
    } as const;
    return { user, notification, channel: userChannel(user), key: `shop/${run}/${number}` };
  };
  const claim = (number: number) => {
    const { key } = about(number);
    return keys.claim({ key, fingerprint: 'f', seed: key, leaseMs: 30_000, ttlMs: DAY_MS });
  };
  const notify = async (number: number): Promise<void> => {
    const { user, notification, channel, key } = about(number);
    if ((await claim(number)).status !== 'claimed') throw new Error(`${key} is not new`);
    const id = messageIdFor(notification.id, channel);
    const sentAt = clock.now();
    const { position } = await store.append({
      id,
      channel,
      sentAt,
      from: shop,
      content: { kind: 'notification', notification },
    });
    await inbox.add(user, { messageId: id, offset: position.offset, sentAt, notification });
    const receipt = { id: notification.id, channels: [{ channel, messageId: id, ...position }] };
    await keys.complete(key, receipt);
    await cache.set(key, receipt, DAY_MS);
  };
  return {
    'a notification, with its key, and the receipt put into Valkey': notify,
    'the key again, from the database': async (number: number) => {
      if ((await claim(number)).status !== 'completed') throw new Error('a key that was forgotten');
    },
    'the key again, from Valkey': async (number: number) => {
      if ((await cache.get(about(number).key)) === undefined) throw new Error('a key that was forgotten');
    },
    'a new key, not found in Valkey': async (number: number) => {
      if ((await cache.get(`${about(number).key}?`)) !== undefined) throw new Error('a key from nowhere');
    },
    'the receipt put into Valkey': async (number: number) =>
      cache.set(about(number).key, { id: about(number).notification.id, channels: [] }, DAY_MS),
    'whether it was shown or read, from the database': async (number: number) => {
      const { user, notification, channel } = about(number);
      const found = await inbox.find(user, [messageIdFor(notification.id, channel)]);
      if (found.length !== 1) throw new Error('an entry that was forgotten');
    },
  };
};

/** @returns the median, in µs */
const timed = async (step: (number: number) => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (let number = 0; number < MEASURED; number++) {
    const start = performance.now();
    await step(number);
    times.push((performance.now() - start) * 1_000);
  }
  return times.sort((a, b) => a - b)[MEASURED / 2] ?? Number.NaN;
};

pinThisProcess();
const { client, databases, close } = await startServers({ budgetMs: 10_000 });
try {
  const cache = new ValkeyCache({ client, namespace: 'keys', parse: kept => kept as NotificationReceipt });
  const rows = new Map<string, Map<string, number[]>>();
  for (const { name, kysely } of databases) {
    const database = new Database({ kysely, schema: 'metadata' });
    await migrate(database);
    for (const step of Object.values(stepsOn(database, cache))) await timed(step);
    for (let repetition = 0; repetition < Number(options.repeat); repetition++)
      for (const [step, run] of Object.entries(stepsOn(database, cache))) {
        const row = rows.get(step) ?? new Map<string, number[]>();
        rows.set(step, row.set(name, [...(row.get(name) ?? []), await timed(run)]));
      }
  }
  console.log(`| p50, µs | ${databases.map(({ name }) => name).join(' | ')} |\n|---|--:|--:|`);
  for (const [step, row] of rows) {
    const cells = databases.map(({ name }) => spread((row.get(name) ?? []).sort((a, b) => a - b)));
    console.log(`| ${step} | ${cells.join(' | ')} |`);
  }
  console.log(`\n${readable(MEASURED)} times each, one at a time. ${describeMachine()}`);
} finally {
  await close();
}
