import { describe, expect, test } from 'vitest';
import { FanfareError } from '../../src/domain/errors.ts';
import { connectionId, messageId, userId } from '../../src/domain/ids.ts';
import type { NotificationReceipt, NotificationRequest } from '../../src/domain/notification.ts';
import type { TrailEvent } from '../../src/domain/trail.ts';
import { MAX_NAMED_CONNECTIONS } from '../../src/domain/trail.ts';
import { Explain } from '../../src/domain/use-cases/explain.ts';
import type { TrailWriter } from '../../src/ports/delivery-log.ts';
import { aChannel, anIdentity } from '../support/builders.ts';
import type { WorldOptions } from '../support/world.ts';
import { aWorld } from '../support/world.ts';

const ALICE = userId('alice');
const [own, topic] = [aChannel('user:alice'), aChannel('topic:orders')];
const [laptop, desktop] = [connectionId('laptop='), connectionId('desktop=')];
const shop = anIdentity({ admin: true, user: userId('shop') });
const HOUR_MS = 3_600_000;

const withScreens = async (options: WorldOptions = {}, screens = [laptop, desktop]) => {
  const world = aWorld(options);
  for (const id of screens)
    await world.connect.execute({ id, identity: anIdentity(), longestLifeMs: HOUR_MS });
  const send = async (set: Partial<NotificationRequest> = {}): Promise<NotificationReceipt> => {
    const request = { to: [own], title: 'Shipped', priority: 'normal', ...set } as const;
    const receipt = await world.notify.execute({ identity: shop, request });
    await world.clock.advance(0);
    return receipt;
  };
  const told = async ({ id }: NotificationReceipt): Promise<readonly TrailEvent[]> =>
    (await world.trail.find(id, { limit: 100 })).entries.map(({ event }) => event).filter(isOfScreens);
  return { ...world, send, told };
};

/** What is told of phones, which nobody has here, is left out. */
const isOfScreens = ({ kind }: TrailEvent): boolean => kind !== 'push-decided';

const received = { kind: 'received', from: shop.user, channel: own, priority: 'normal', title: 'Shipped' };
const posted = { kind: 'posted', attempt: 0, delivered: 0, gone: 0, throttled: 0, failed: 0 };

describe('The trail', () => {
  test('tells that a notification was received, posted, shown, read and archived', async () => {
    const { send, told, acknowledge, mark, clock } = await withScreens();
    const receipt = await send();
    const ids = receipt.channels.map(({ messageId: id }) => id);
    await acknowledge.execute(ALICE, ids);
    await acknowledge.execute(ALICE, ids);
    for (const as of ['read', 'unread', 'archived', 'unarchived'] as const) {
      await clock.advance(1_000);
      await mark.execute(ALICE, ids, as);
    }
    expect(await told(receipt)).toEqual([
      received,
      { ...posted, job: `${ids[0]}/inline`, delivered: 2, connectionIds: [laptop, desktop] },
      { kind: 'shown' },
      { kind: 'read' },
      { kind: 'unread' },
      { kind: 'archived' },
      { kind: 'unarchived' },
    ]);
  });

  test('tells of everything that was read at once, and of nothing that had been read', async () => {
    const { send, told, mark } = await withScreens({}, []);
    const [one, other] = [await send(), await send()];
    await mark.execute(ALICE, [one.channels[0]?.messageId ?? messageId('none')], 'read');
    await mark.all(ALICE);
    for (const receipt of [one, other])
      expect((await told(receipt)).filter(({ kind }) => kind === 'read')).toHaveLength(1);
  });

  test('tells that nobody was connected', async () => {
    const { send, told } = await withScreens({}, []);
    expect(await told(await send())).toMatchObject([received, posted]);
  });

  test('keeps users apart, and names nobody for a topic', async () => {
    const { send, trail, registry } = await withScreens();
    await registry.subscribe(laptop, topic);
    const { id } = await send({ to: [own, aChannel('user:bob'), topic] });
    const { entries } = await trail.find(id, { limit: 100 });
    const kindsOf = (user?: string) =>
      entries.filter(entry => entry.user === user && isOfScreens(entry.event)).map(({ event }) => event.kind);
    for (const user of ['alice', 'bob', undefined]) expect(kindsOf(user)).toEqual(['received', 'posted']);
    expect(entries.find(entry => entry.user === undefined && entry.event.kind === 'posted')?.event).toEqual({
      ...posted,
      job: `${id}.topic:orders/inline`,
      delivered: 1,
    });
  });

  test('tells of what was gone, throttled, tried again and given up', async () => {
    const world = await withScreens({ policy: { maxAttempts: 2, retryBudgetMs: 0 } });
    world.gateway.script(laptop, 'gone').script(desktop, 'throttled', { failed: 'reset' });
    const receipt = await world.send();
    await world.clock.advance(HOUR_MS);
    const job = `${receipt.channels[0]?.messageId}/inline`;
    expect(await world.told(receipt)).toEqual([
      received,
      { ...posted, job, gone: 1, throttled: 1 },
      { ...posted, job: `${job}#1`, attempt: 1, failed: 1 },
      { kind: 'posting-gave-up', job: `${job}#1`, connections: 1, cause: 'reset (1)' },
    ]);
    expect(await world.queue.deadLetters(10)).toHaveLength(1);
  });

  test('has room for the beginning of a cause, however long it is', async () => {
    const world = await withScreens({ policy: { maxAttempts: 1, retryBudgetMs: 0 } }, [laptop]);
    world.gateway.script(laptop, { failed: 'x'.repeat(10_000) });
    const last = (await world.told(await world.send())).at(-1);
    expect(last).toMatchObject({ kind: 'posting-gave-up', cause: expect.stringMatching(/^x{299}…$/) });
  });

  test('tells that a notification expired, and nobody is tried again for it', async () => {
    const world = await withScreens({ policy: { maxAttempts: 2, retryBudgetMs: 1_000 } }, [laptop]);
    world.gateway.script(laptop, 'throttled', 'throttled', 'throttled', 'throttled');
    const receipt = await world.send({ expiresAt: world.clock.now() + 1 });
    await world.clock.advance(HOUR_MS);
    expect((await world.told(receipt)).map(({ kind }) => kind)).toEqual([
      'received',
      'posted',
      'posted',
      'expired',
    ]);
    expect(await world.queue.deadLetters(10)).toEqual([]);
  });

  test('names no more connections than it has room for', async () => {
    const screens = Array.from({ length: MAX_NAMED_CONNECTIONS + 3 }, (_, n) => connectionId(`c${n}`));
    const { send, told } = await withScreens({}, screens);
    const [, event] = await told(await send());
    expect(event).toMatchObject({ delivered: screens.length });
    expect(event?.kind === 'posted' && event.connectionIds).toHaveLength(MAX_NAMED_CONNECTIONS);
  });

  test('has nothing of what is only said in a room', async () => {
    const tellings: unknown[] = [];
    const world = await withScreens({
      trail: () => ({ append: async entries => void tellings.push(...entries) }),
    });
    await world.registry.subscribe(laptop, topic);
    await world.sendMessage.execute(shop, { channel: topic, data: 'hello' });
    await world.clock.advance(0);
    expect(world.gateway.received(laptop)).toHaveLength(1);
    expect(tellings).toEqual([]);
  });
});

describe('A trail that cannot be written', () => {
  /** Fails so often from when it is told to. */
  const failing = () => {
    let left = 0;
    const trail = (good: TrailWriter): TrailWriter => ({
      append: async entries => {
        if (left === 0) return good.append(entries);
        left -= 1;
        throw new FanfareError('unavailable', 'the log is down');
      },
    });
    const fail = (times: number): void => {
      left = times;
    };
    return { trail, fail };
  };

  test('keeps a notification from being accepted, and a repeat under its key is told once', async () => {
    const { trail, fail } = failing();
    const world = await withScreens({ trail });
    const request = { to: [own], title: 'Shipped', priority: 'normal' } as const;
    const command = { identity: shop, request, idempotency: { key: 'k', fingerprint: 'f' } };
    fail(1);
    await expect(world.notify.execute(command)).rejects.toMatchObject({ code: 'unavailable' });
    const receipt = await world.notify.execute(command);
    await world.clock.advance(0);
    expect((await world.told(receipt)).map(({ kind }) => kind)).toEqual(['received', 'posted']);
  });

  test('has a job posted again rather than forgotten, and told once', async () => {
    const { trail, fail } = failing();
    const world = await withScreens({ trail });
    const request = { to: [own], title: 'Shipped', priority: 'normal' } as const;
    const receipt = await world.notify.execute({ identity: shop, request });
    fail(2);
    await world.clock.advance(HOUR_MS);
    expect((await world.told(receipt)).map(({ kind }) => kind)).toEqual(['received', 'posted']);
    expect(world.gateway.received(laptop)).toHaveLength(3);
  });

  test('keeps nobody else waiting for ever: after its tries a job is given up, and said so', async () => {
    const { trail, fail } = failing();
    const world = await withScreens({ trail });
    const request = { to: [own], title: 'Shipped', priority: 'normal' } as const;
    await world.notify.execute({ identity: shop, request });
    fail(1_000);
    await world.clock.advance(HOUR_MS);
    expect(world.gateway.received(desktop).length).toBeGreaterThan(0);
    expect(world.logger.of('fan-out.gave-up')).toHaveLength(1);
  });
});

describe('Explaining', () => {
  const world = async () => {
    const screens = await withScreens();
    return { ...screens, explain: new Explain({ log: screens.trail }) };
  };
  const alice = anIdentity();
  const mallory = anIdentity({ user: userId('mallory') });

  test('shows everybody what concerns them, and admins all', async () => {
    const { explain, send } = await world();
    const { id } = await send({ to: [own, aChannel('user:bob'), topic] });
    const whose = async (identity = alice, user?: ReturnType<typeof userId>) =>
      new Set((await explain.execute(identity, id, { user })).entries.map(entry => entry.user));
    expect(await whose()).toEqual(new Set([ALICE]));
    expect(await whose(alice, ALICE)).toEqual(new Set([ALICE]));
    expect(await whose(shop)).toEqual(new Set([ALICE, userId('bob'), undefined]));
    expect(await whose(shop, userId('bob'))).toEqual(new Set([userId('bob')]));
  });

  test('says the same of what is unknown and of what concerns others', async () => {
    const { explain, send } = await world();
    const { id } = await send();
    const asked = async (...[identity, user]: [typeof alice, ReturnType<typeof userId>?]) => {
      const known = await explain.execute(identity, id, { user }).catch((error: FanfareError) => error);
      expect(known).toMatchObject({ code: 'not-found', message: `there is no notification ${id}` });
    };
    await asked(mallory);
    await asked(mallory, ALICE);
    await asked(alice, userId('bob'));
    await asked(shop, userId('bob'));
  });

  test("a user's list is theirs, and an admin's", async () => {
    const { explain, send } = await world();
    const { id } = await send();
    for (const identity of [alice, shop]) {
      const { notifications } = await explain.ofUser(identity, ALICE, {});
      expect(notifications).toMatchObject([
        { received: { notificationId: id }, last: { event: { kind: 'posted' } } },
      ]);
    }
    await expect(explain.ofUser(mallory, ALICE, {})).rejects.toMatchObject({ code: 'forbidden' });
  });
});
