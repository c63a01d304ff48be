import { afterAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { Database } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { openPGlite } from '../../src/adapters/postgres/open-pglite.ts';
import { PostgresDeliveryLog } from '../../src/adapters/postgres/postgres-delivery-log.ts';
import { PostgresIdempotencyStore } from '../../src/adapters/postgres/postgres-idempotency-store.ts';
import { PostgresInboxStore } from '../../src/adapters/postgres/postgres-inbox-store.ts';
import { PostgresMessageStore } from '../../src/adapters/postgres/postgres-message-store.ts';
import { Sweeper } from '../../src/adapters/postgres/sweeper.ts';
import { messageId, notificationId, userId } from '../../src/domain/ids.ts';
import { aChannel, aDraft, aNotification } from '../support/builders.ts';
import { RecordingLogger, RecordingMetrics, SequentialIds } from '../support/fakes.ts';

const DAY_MS = 86_400_000;

describe('the sweeper', () => {
  const opened: Database[] = [];
  afterAll(async () => {
    for (const database of opened) await database.close();
  });

  test('deletes what is no longer kept, and nothing else', async () => {
    const clock = new ManualClock();
    const database = new Database({ kysely: await openPGlite(), schema: 'fanfare' });
    opened.push(database);
    await migrate(database);
    const retention = () => ({ maxAgeMs: DAY_MS });
    const messages = new PostgresMessageStore({ database, clock, ids: new SequentialIds(), retention });
    const inboxes = new PostgresInboxStore({ database, clock });
    const keys = new PostgresIdempotencyStore({ database, clock });
    const trail = new PostgresDeliveryLog({ database, clock, keptMs: 2 * DAY_MS });
    const [logger, metrics] = [new RecordingLogger(), new RecordingMetrics()];
    const sweeper = new Sweeper({ stores: [messages, inboxes, keys, trail], logger, metrics });

    const put = async (name: string): Promise<void> => {
      const [channel, sentAt] = [aChannel(`room:${name}`), clock.now()];
      await messages.append(aDraft({ id: messageId(name), channel, sentAt }));
      await inboxes.add(userId('alice'), {
        messageId: messageId(name),
        offset: 1,
        sentAt,
        notification: aNotification(),
      });
      const notification = { notificationId: notificationId(name), user: userId('alice') };
      await trail.append([{ ...notification, at: sentAt, event: { kind: 'shown' } }]);
      await keys.claim({ key: name, fingerprint: 'f', seed: 's', leaseMs: 1_000, ttlMs: DAY_MS });
    };
    const kept = async () => ({
      messages: (await database.kysely.selectFrom('message').select('id').execute()).map(({ id }) => id),
      entries: (await database.kysely.selectFrom('inbox_entry').select('message_id').execute()).length,
      trail: (await database.kysely.selectFrom('trail_entry').select('notification_id').execute()).length,
      keys: (await database.kysely.selectFrom('idempotency_key').select('key').execute()).length,
    });

    await put('old');
    await clock.advance(DAY_MS);
    await put('young');
    await sweeper.sweep();
    expect(await kept()).toEqual({ messages: ['young'], entries: 2, trail: 2, keys: 1 });
    await clock.advance(89 * DAY_MS);
    await sweeper.sweep();
    expect(await kept()).toEqual({ messages: [], entries: 1, trail: 0, keys: 0 });
    expect((await messages.position(aChannel('room:old'))).offset).toBe(1);
    expect(logger.lines).toEqual([]);
  });

  test('goes on to the next store when one fails, and says so', async () => {
    const [logger, metrics] = [new RecordingLogger(), new RecordingMetrics()];
    let swept = 0;
    const failing = { sweep: () => Promise.reject(new Error('no database')) };
    const counting = {
      sweep: async () => {
        swept++;
        return 0;
      },
    };
    await new Sweeper({ stores: [failing, counting], logger, metrics }).sweep();
    expect(swept).toBe(1);
    expect(logger.lines).toHaveLength(1);
    expect(metrics.counted('failures_total', { where: 'sweep' })).toBe(1);
  });
});
