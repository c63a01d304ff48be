import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { FanfareOptions, InboxChange, Message, Notice } from '../../src/client/index.ts';
import { Fanfare } from '../../src/client/index.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

let stack: LocalStack;
let users = 0;
beforeAll(async () => {
  stack = await aLocalStack({ FANFARE_CHANNELS: JSON.stringify([{ pattern: 'room:*', presence: true }]) });
});
afterAll(() => stack.close());

/** A screen of a user; each user's inbox is a test's own. */
const aScreen = async (user: string, options: Partial<FanfareOptions> = {}): Promise<Fanfare> => {
  const token = await stack.token(user, { allow: { 'room:*': ['subscribe', 'presence'] } });
  const client = new Fanfare({ url: `${stack.url}/ws`, token, ...options });
  onTestFinished(() => client.close());
  return client;
};
const aUser = (): string => `user-${++users}`;
const notify = async (user: string, title: string): Promise<void> => {
  const { status } = await stack.post('/v1/notifications', { to: [`user:${user}`], title });
  expect(status).toBe(202);
};
const titles = (notices: readonly Notice[]): string[] =>
  notices.map(({ notification }) => notification.title);

describe('Notifications through the client', () => {
  test('reach a callback and a loop on each of the user’s screens, without a channel’s name', async () => {
    const user = aUser();
    const [desk, phone] = [await aScreen(user), await aScreen(user)];
    const called: Notice[] = [];
    const looped: Notice[] = [];
    const { ready } = desk.notifications().subscribe(notice => called.push(notice));
    const stop = new AbortController();
    const looping = (async () => {
      for await (const notice of phone.notifications().messages({ signal: stop.signal })) looped.push(notice);
    })();
    await ready;
    await until(() => phone.channel(`user:${user}`).position !== undefined);
    await notify(user, 'one');
    await notify(aUser(), 'for another');
    await notify(user, 'two');
    await until(() => called.length === 2 && looped.length === 2);
    expect([titles(called), titles(looped)]).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
    stop.abort(new Error('enough'));
    await expect(looping).rejects.toThrow('enough');
  });

  test('are counted and marked live: what one screen reads, the others know', async () => {
    const user = aUser();
    const [desk, phone] = [await aScreen(user), await aScreen(user)];
    const badges = { desk: [] as number[], phone: [] as number[] };
    const changes: InboxChange[] = [];
    const notices: Notice[] = [];
    await Promise.all([
      desk.notifications().unread(count => badges.desk.push(count)).ready,
      phone.notifications().unread(count => badges.phone.push(count)).ready,
      phone.notifications().changes(change => changes.push(change)).ready,
      desk.notifications().subscribe(notice => notices.push(notice)).ready,
    ]);
    await until(() => badges.desk.at(-1) === 0 && badges.phone.at(-1) === 0);
    for (const title of ['one', 'two', 'three']) await notify(user, title);
    await until(() => badges.desk.at(-1) === 3 && badges.phone.at(-1) === 3);
    const [one, two] = notices.map(({ messageId }) => messageId) as [string, string];
    expect(await desk.mark('read', [one])).toEqual({ unread: 2 });
    await until(() => badges.phone.at(-1) === 2 && badges.desk.at(-1) === 2);
    await desk.mark('archived', [two]);
    await desk.mark('read', 'all');
    await until(() => badges.phone.at(-1) === 0 && badges.desk.at(-1) === 0);
    expect(changes).toEqual([
      { as: 'read', messageIds: [one], unread: 2 },
      { as: 'archived', messageIds: [two], unread: 1 },
      { as: 'read', all: true, unread: 0 },
    ]);
    const { entries } = await phone.inbox();
    expect(entries.map(({ notification, read }) => [notification.title, read])).toEqual([
      ['three', true],
      ['one', true],
    ]);
    expect((await phone.inbox({ filter: 'archived' })).entries).toMatchObject([{ messageId: two }]);
  });

  test('that were shown are acknowledged; another’s are refused, and the connection stays', async () => {
    const user = aUser();
    const screen = await aScreen(user);
    await screen.connected();
    await notify(user, 'one');
    const { entries } = await screen.inbox();
    expect(entries).toMatchObject([{ read: false }]);
    await screen.ack([entries[0]?.messageId ?? '']);
    expect((await screen.inbox()).entries).toMatchObject([{ shownAt: expect.any(String) }]);
    const stranger = await aScreen(aUser());
    await expect(stranger.ack([entries[0]?.messageId ?? ''])).rejects.toMatchObject({
      code: 'not-found',
      field: 'messageIds[0]',
    });
    await expect(stranger.mark('read', ['nonsense'])).rejects.toMatchObject({ code: 'not-found' });
    expect(stranger.state.name).toBe('connected');
  });

  test('end with their subscription, their signal, or the client', async () => {
    const user = aUser();
    const screen = await aScreen(user);
    const got: string[] = [];
    const stop = new AbortController();
    const mine = screen.notifications();
    const first = mine.subscribe(() => got.push('first'));
    const second = mine.subscribe(() => got.push('second'), { signal: stop.signal });
    await Promise.all([first.ready, second.ready]);
    await notify(user, 'one');
    await until(() => got.length === 2);
    first.unsubscribe();
    await notify(user, 'two');
    await until(() => got.length === 3);
    expect(got).toEqual(['first', 'second', 'second']);
    stop.abort();
    expect(screen.channel(`user:${user}`).position).toBeUndefined();
    expect(() => mine.subscribe(() => undefined, { signal: stop.signal })).toThrow();
  });
});

describe('Presence through the client', () => {
  test('tells who is here, and who comes and goes; without the right it is refused', async () => {
    const [alice, bob] = [await aScreen('alice'), await aScreen('bob')];
    const seen: Message[] = [];
    await alice.channel('room:hall').subscribe(() => undefined).ready;
    await alice.channel('presence:room:hall').subscribe(message => seen.push(message)).ready;
    await bob.channel('room:hall').subscribe(() => undefined).ready;
    await until(() => seen.some(({ presence }) => presence?.user === 'bob'));
    expect(seen.at(-1)?.presence).toEqual({ event: 'joined', user: 'bob', count: 2 });
    const { count, users: here } = await alice.channel('room:hall').presence();
    expect([count, here?.map(({ user }) => user).toSorted()]).toEqual([2, ['alice', 'bob']]);
    const token = await stack.token('carol', {});
    const carol = await aScreen('carol', { token });
    await expect(carol.channel('room:hall').presence()).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('A wait with a signal', () => {
  test('ends with the signal’s reason, whatever is waited for', async () => {
    // Nobody is there: everything waits for a connection.
    const away = await aScreen('alice', { url: 'ws://127.0.0.1:9/ws' });
    away.on('error', () => undefined);
    const room = away.channel('room:hall');
    const stop = new AbortController();
    const { signal } = stop;
    const first = async (messages: AsyncGenerator<unknown>) => (await messages.next()).value;
    const waits: Promise<unknown>[] = [
      away.connected({ signal }),
      away.inbox({ signal }),
      away.mark('read', 'all', { signal }),
      away.ack(['one'], { signal }),
      room.send('hello', { signal }),
      room.history({ signal }),
      room.presence({ signal }),
      room.subscribe(() => undefined, { signal }).ready,
      first(room.messages({ signal })),
      away.notifications().subscribe(() => undefined, { signal }).ready,
      away.notifications().unread(() => undefined, { signal }).ready,
      first(away.notifications().messages({ signal })),
    ];
    const ended = Promise.allSettled(waits);
    const reason = new Error('the page was left');
    stop.abort(reason);
    expect(await ended).toEqual(waits.map(() => ({ status: 'rejected', reason })));
  });
});
