import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Frame } from '../support/fanfare-socket.ts';
import { refusalOf } from '../support/gateway-rig.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await aLocalStack();
});
afterAll(() => stack.close());

const rooms = { allow: { 'room:*': ['subscribe', 'publish', 'history'] } } as const;
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const notify = (to: string, title: string) => stack.post('/v1/notifications', { to: [to], title });

describe('A socket', () => {
  test('greets with what a client needs to know', async () => {
    const alice = await stack.connect('alice');
    const welcome = await alice.request({ action: 'hello' });
    expect(welcome).toEqual({
      type: 'welcome',
      id: 'r1',
      connectionId: expect.stringMatching(/^[A-Za-z0-9_-]{15}=$/),
      user: 'alice',
      expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
      channels: expect.arrayContaining(['user:alice', 'broadcast']),
    });
  });

  test('gets a notification for its user the moment that it is posted, on every screen', async () => {
    const screens = [await stack.connect('dora'), await stack.connect('dora')];
    const stranger = await stack.connect('emil');
    const { id } = (await (await notify('user:dora', 'Shipped')).json()) as { id: string };
    for (const screen of screens) {
      expect(await screen.first(frame => frame.type === 'message')).toEqual({
        type: 'message',
        channel: 'user:dora',
        messageId: `${id}.user:dora`,
        epoch: expect.any(String),
        offset: 1,
        sentAt: expect.stringMatching(/Z$/),
        from: 'shop',
        notification: { id, title: 'Shipped', priority: 'normal' },
      });
    }
    expect(stranger.frames).toEqual([]);
  });

  test('hears a broadcast without asking', async () => {
    const fay = await stack.connect('fay');
    await notify('broadcast', 'We are live');
    await fay.first(frame => frame.channel === 'broadcast');
  });

  test('talks in a room: subscribe, send, history, unsubscribe', async () => {
    const [gus, hal] = [await stack.connect('gus', rooms), await stack.connect('hal', rooms)];
    const room = { channel: 'room:talk' };
    expect(await gus.request({ action: 'subscribe', ...room })).toMatchObject({
      type: 'subscribed',
      channel: 'room:talk',
      position: { epoch: expect.any(String), offset: 0 },
    });
    const accepted = await hal.request({ action: 'sendMessage', ...room, data: { text: 'hello' } });
    expect(accepted).toMatchObject({
      type: 'accepted',
      channel: 'room:talk',
      offset: 1,
      messageId: expect.any(String),
    });
    expect(await gus.first(frame => frame.type === 'message')).toMatchObject({
      messageId: accepted.messageId,
      from: 'hal',
      data: { text: 'hello' },
    });
    expect(await hal.request({ action: 'history', ...room, limit: 10 })).toMatchObject({
      type: 'history',
      messages: [{ offset: 1, data: { text: 'hello' } }],
      complete: true,
      trimmed: false,
    });
    expect(await gus.request({ action: 'unsubscribe', ...room })).toMatchObject({ type: 'unsubscribed' });
    await hal.request({ action: 'sendMessage', ...room, data: 'unheard' });
    await gus.request({ action: 'ping' });
    expect(gus.pushed('room:talk')).toHaveLength(1);
  });

  test('catches up by history on what it missed', async () => {
    await notify('user:ivy', 'one');
    await notify('user:ivy', 'two');
    const ivy = await stack.connect('ivy');
    const answer = await ivy.request({ action: 'history', channel: 'user:ivy', after: 1 });
    expect(answer.messages).toMatchObject([{ offset: 2, notification: { title: 'two' } }]);
  });

  test('gets history in frames of at most 128 KB, and the rest by asking on', async () => {
    for (let n = 1; n <= 4; n += 1) {
      await stack.post('/v1/notifications', { to: ['user:jo'], title: `n${n}`, data: 'x'.repeat(50_000) });
    }
    const jo = await stack.connect('jo');
    const first = await jo.request({ action: 'history', channel: 'user:jo', after: 0 });
    expect(JSON.stringify(first).length).toBeLessThanOrEqual(131_072);
    expect([(first.messages as unknown[]).length, first.complete]).toEqual([2, false]);
    const newest = await jo.request({ action: 'history', channel: 'user:jo' });
    expect((newest.messages as { offset: number }[]).map(({ offset }) => offset)).toEqual([3, 4]);
    const rest = await jo.request({ action: 'history', channel: 'user:jo', after: 2 });
    expect([(rest.messages as unknown[]).length, rest.complete]).toEqual([2, true]);
  });
});

describe('A socket that was away', () => {
  const channel = 'room:away';
  const since = (position: unknown, offset: number) => ({ ...(position as object), offset });

  test('gets exactly what it missed with the answer to its subscription', async () => {
    const [kim, lee] = [await stack.connect('kim', rooms), await stack.connect('lee', rooms)];
    const { position } = await kim.request({ action: 'subscribe', channel });
    for (const data of ['one', 'two', 'three']) await lee.request({ action: 'sendMessage', channel, data });
    const back = await stack.connect('kim', rooms);
    expect(await back.request({ action: 'subscribe', channel, since: since(position, 1) })).toEqual({
      type: 'subscribed',
      id: 'r1',
      channel,
      position: since(position, 3),
      recovered: true,
      messages: [
        expect.objectContaining({ offset: 2, data: 'two', from: 'lee' }),
        expect.objectContaining({ offset: 3, data: 'three' }),
      ],
      complete: true,
    });
  });

  test('comes back to many channels in one request, and hears which of them it may not follow', async () => {
    const kim = await stack.connect('kim', rooms);
    const channels = [{ channel: 'room:b' }, { channel: 'topic:b' }, { channel: 'user:kim' }];
    expect(await kim.request({ action: 'subscribe', channels })).toEqual({
      type: 'subscribed',
      id: 'r1',
      channels: [
        expect.objectContaining({ channel: 'room:b', recovered: false, messages: [] }),
        {
          channel: 'topic:b',
          error: {
            code: 'forbidden',
            message: 'this token does not allow subscribe on topic:b',
            retryable: false,
            field: 'channel',
          },
        },
        expect.objectContaining({ channel: 'user:kim' }),
      ],
    });
  });

  test('gets no frame over 128 KB, and the rest by asking on from the last it has', async () => {
    const max = await stack.connect('max', rooms);
    const room = { action: 'subscribe', channel: 'room:heavy' };
    const { position } = await max.request(room);
    for (let n = 0; n < 3; n += 1) {
      await max.request({ action: 'sendMessage', channel: 'room:heavy', data: 'x'.repeat(30_000) });
      await stack.post('/v1/notifications', { to: ['user:max'], title: 'T', data: 'x'.repeat(60_000) });
    }
    const own = await max.request({ action: 'subscribe', channel: 'user:max' });
    const many = await max.request({
      action: 'subscribe',
      channels: [
        { channel: 'room:heavy', since: since(position, 0) },
        { channel: 'user:max', since: since(own.position, 0) },
      ],
    });
    expect(JSON.stringify(many).length).toBeLessThanOrEqual(131_072);
    const [heavy, first] = many.channels as { messages: { offset: number }[]; complete: boolean }[];
    expect([heavy?.messages.length, heavy?.complete]).toEqual([3, true]);
    expect([first?.messages.length, first?.complete]).toEqual([0, false]);
    const rest = await max.request({
      action: 'subscribe',
      channel: 'user:max',
      since: since(own.position, 0),
    });
    expect([(rest.messages as unknown[]).length, rest.complete, rest.recovered]).toEqual([2, false, true]);
    const last = await max.request({
      action: 'subscribe',
      channel: 'user:max',
      since: since(own.position, 2),
    });
    expect([(last.messages as unknown[]).length, last.complete]).toEqual([1, true]);
  });

  test.each([
    ['a negative offset', { since: { epoch: 'e', offset: -1 } }, 'since.offset'],
    ['a huge offset', { since: { epoch: 'e', offset: 2 ** 60 } }, 'since.offset'],
    ['half an offset', { since: { epoch: 'e', offset: 1.5 } }, 'since.offset'],
    ['no epoch', { since: { offset: 1 } }, 'since.epoch'],
    ['a word as a position', { since: 'latest' }, 'since'],
    ['both forms at once', { channels: [{ channel: 'room:c' }] }, 'channel'],
    ['no channel at all', { channel: undefined }, 'channel'],
    ['more channels than one may follow', { channel: undefined, channels: Array(101).fill({}) }, 'channels'],
    [
      'a bad channel among many',
      { channel: undefined, channels: [{ channel: 'lobby' }] },
      'channels[0].channel',
    ],
    [
      'a position beside many',
      { channel: undefined, since: { epoch: 'e', offset: 0 }, channels: [{ channel: 'room:c' }] },
      'since',
    ],
  ])('is told what is wrong with %s, and stays open', async (_, fields, field) => {
    const nia = await stack.connect('nia', rooms);
    const answer = await nia.request({ action: 'subscribe', channel: 'room:c', ...fields });
    expect(answer).toMatchObject({ type: 'error', code: 'invalid', field });
    expect(await nia.request({ action: 'ping' })).toMatchObject({ type: 'pong' });
  });
});

describe('Presence on a socket', () => {
  const here = { allow: { 'room:*': ['subscribe', 'presence'] } } as const;
  const channel = 'room:here';

  test('tells who is here, who comes, and is refused without the capability', async () => {
    const server = await aLocalStack({ FANFARE_CHANNELS: '[{"pattern":"room:*","presence":true}]' });
    try {
      const ann = await server.connect('ann', here);
      await ann.request({ action: 'subscribe', channel });
      await ann.request({ action: 'subscribe', channel: `presence:${channel}` });
      const ben = await server.connect('ben', here);
      await ben.request({ action: 'subscribe', channel });
      const joined = (frame: Frame) => (frame.presence as { user?: string })?.user === 'ben';
      expect(await ann.first(joined)).toMatchObject({
        channel: `presence:${channel}`,
        presence: { event: 'joined', user: 'ben', count: 2 },
      });
      expect(await ann.request({ action: 'presence', channel })).toMatchObject({
        type: 'presence',
        count: 2,
        users: [
          { user: 'ann', devices: 1 },
          { user: 'ben', devices: 1 },
        ],
        position: { offset: 2 },
      });
      const stranger = await server.connect('cat', { allow: { 'room:*': ['subscribe'] } });
      for (const refused of [
        { action: 'presence', channel },
        { action: 'subscribe', channel: `presence:${channel}` },
      ]) {
        expect(await stranger.request(refused)).toMatchObject({ type: 'error', code: 'forbidden' });
      }
    } finally {
      await server.close();
    }
  });
});

describe('The inbox on a socket', () => {
  test('is read, marked on every screen, and acknowledged', async () => {
    const [laptop, phone] = [await stack.connect('oda'), await stack.connect('oda')];
    await notify('user:oda', 'one');
    await notify('user:oda', 'two');
    await laptop.first(frame => frame.type === 'message' && frame.offset === 2);
    const page = await laptop.request({ action: 'inbox', limit: 1 });
    expect(page).toMatchObject({
      type: 'inbox',
      entries: [{ offset: 2, notification: { title: 'two' }, read: false, archived: false }],
      unread: 2,
      complete: false,
    });
    const [entry] = page.entries as { messageId: string }[];
    const messageIds = [entry?.messageId];
    expect(await laptop.request({ action: 'ack', messageIds })).toEqual({ type: 'acked', id: 'r2' });
    expect(await laptop.request({ action: 'mark', as: 'read', messageIds })).toMatchObject({
      type: 'marked',
      unread: 1,
    });
    expect(await phone.first(frame => 'inbox' in frame)).toMatchObject({
      channel: 'user:oda',
      offset: 3,
      inbox: { as: 'read', messageIds, unread: 1 },
    });
    expect(await phone.request({ action: 'mark', as: 'read', all: true })).toMatchObject({ unread: 0 });
    const stranger = await stack.connect('pia');
    for (const action of ['ack', 'mark']) {
      const refused = await stranger.request({
        action,
        messageIds,
        ...(action === 'mark' && { as: 'read' }),
      });
      expect(refused).toMatchObject({ type: 'error', code: 'not-found', field: 'messageIds[0]' });
    }
  });

  test.each([
    ['a mark of nothing', { action: 'mark', as: 'read' }, 'messageIds'],
    ['a mark of all and some', { action: 'mark', as: 'read', all: true, messageIds: ['m'] }, 'messageIds'],
    ['an archiving of all', { action: 'mark', as: 'archived', all: true }, 'as'],
    ['an unknown mark', { action: 'mark', as: 'seen', all: true }, 'as'],
    ['too many at once', { action: 'ack', messageIds: Array(101).fill('m') }, 'messageIds'],
    ['a negative limit', { action: 'inbox', limit: -1 }, 'limit'],
  ])('is told what is wrong with %s', async (_, frame, field) => {
    const quin = await stack.connect('quin');
    expect(await quin.request(frame)).toMatchObject({ type: 'error', code: 'invalid', field });
  });
});

describe('A socket that sends too much', () => {
  test('is refused what is beyond 40 at once, and told how long to wait', async () => {
    const rob = await stack.connect('rob');
    for (let n = 0; n < 60; n += 1) rob.sendRaw('{"action":"ping"}');
    await until(() => rob.frames.length === 60);
    const refused = rob.frames.filter(({ type }) => type === 'error');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(20);
    expect(refused[0]).toEqual({
      type: 'error',
      code: 'rate-limited',
      message: 'more than 20 frames a second',
      retryable: true,
      retryAfter: expect.any(Number),
    });
  });

  test('and goes on regardless is closed 1008', async () => {
    const sid = await stack.connect('sid');
    for (let n = 0; n < 400; n += 1) sid.sendRaw('{"action":"ping"}');
    expect(await sid.closed).toMatchObject({ code: 1008 });
  });

  test('is sent once under one key', async () => {
    const tom = await stack.connect('tom', rooms);
    const frame = { action: 'sendMessage', channel: 'room:keys', data: 'hi', key: 'k-1' };
    const first = await tom.request(frame);
    expect(await tom.request(frame)).toMatchObject({ messageId: first.messageId, offset: first.offset });
    expect(await tom.request({ ...frame, key: 'not a key' })).toMatchObject({
      code: 'invalid',
      field: 'key',
    });
  });
});

describe('Bad input on a socket', () => {
  test.each([
    ['what is not JSON', 'nonsense', undefined],
    ['nothing', '', undefined],
    ['an array', '[]', undefined],
    ['a number', '7', undefined],
    ['null', 'null', undefined],
    ['no action', '{"channel":"room:a"}', 'action'],
    ['an unknown action', '{"action":"shout"}', 'action'],
    ['an action of the wrong type', '{"action":7}', 'action'],
    ['an inherited name as action', '{"action":"constructor"}', 'action'],
    ['a missing channel', '{"action":"subscribe"}', 'channel'],
    ['a channel of the wrong type', '{"action":"subscribe","channel":{}}', 'channel'],
    ['what is no channel', '{"action":"subscribe","channel":"lobby"}', 'channel'],
    ['an unknown member', '{"action":"subscribe","channel":"room:a","sinse":1}', 'sinse'],
    ['an id of the wrong type', '{"action":"ping","id":7}', 'id'],
    ['an id of 129 characters', `{"action":"ping","id":"${'x'.repeat(129)}"}`, 'id'],
    ['a negative offset', '{"action":"history","channel":"room:a","after":-1}', 'after'],
    ['two directions', '{"action":"history","channel":"room:a","after":1,"before":2}', 'before'],
    ['no data', '{"action":"sendMessage","channel":"room:a"}', 'data'],
    ['deep data', `{"action":"sendMessage","channel":"room:a","data":${nested(33)}}`, 'data'],
    ['very deep data', `{"action":"sendMessage","channel":"room:a","data":${nested(10_000)}}`, 'data'],
    ['very deep nonsense', nested(16_000), undefined],
  ])(
    '%s gets one error frame that names the field, and the socket stays open',
    async (_what, text, field) => {
      const socket = await stack.connect('kim', rooms);
      const error = await socket.raw(text);
      expect(error).toMatchObject({ type: 'error', code: 'invalid', retryable: false });
      expect(error.field).toBe(field);
      expect(String(error.message).length).toBeGreaterThan(8);
      expect(await socket.request({ action: 'ping' })).toMatchObject({ type: 'pong' });
      socket.close();
    },
  );

  test('keeps the id of the request in the error', async () => {
    const socket = await stack.connect('kim');
    expect(await socket.request({ action: 'shout' })).toMatchObject({ type: 'error', id: 'r1' });
  });

  test.each([
    ['binary', Buffer.from([1, 2, 3]), { binary: true }, 1003],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), { binary: false }, 1007],
    ['10 MB', Buffer.alloc(10_000_000, 'x'), { binary: false }, 1009],
  ])('%s closes that socket alone, with the code that says why', async (_what, data, options, code) => {
    const [bad, good] = [await stack.connect('lea'), await stack.connect('lea')];
    bad.sendRaw(data, options);
    expect(await bad.closed).toMatchObject({ code });
    expect(await good.request({ action: 'ping' })).toMatchObject({ type: 'pong' });
  });

  test('what the token does not allow is forbidden, naming the channel', async () => {
    const mia = await stack.connect('mia', { allow: { 'room:a': ['subscribe'] } });
    for (const frame of [
      { action: 'subscribe', channel: 'user:bob' },
      { action: 'subscribe', channel: 'room:b' },
      { action: 'history', channel: 'room:a' },
      { action: 'sendMessage', channel: 'room:a', data: 1 },
    ]) {
      expect(await mia.request(frame)).toMatchObject({ type: 'error', code: 'forbidden', field: 'channel' });
    }
  });
});

describe('A handshake', () => {
  const dial = (url: string, protocols: string[], headers = {}): WebSocket =>
    new WebSocket(`${stack.url.replace('http', 'ws')}${url}`, protocols, { headers });

  test('without a token, with a bad one or with an expired one is answered 401', async () => {
    const expired = await stack.token('ned', { expiresInMs: -60_000 });
    for (const protocols of [
      [],
      ['fanfare.v1'],
      ['fanfare.v1', 'bearer.nonsense'],
      ['fanfare.v1', `bearer.${expired}`],
    ]) {
      expect(await refusalOf(dial('/ws', protocols))).toBe(401);
    }
  });

  test('takes the token as a subprotocol, as a header, and in the query where that is on', async () => {
    const token = await stack.token('ned');
    const ways = [
      () => dial('/ws', ['fanfare.v1', `bearer.${token}`]),
      () => dial('/ws', [], { authorization: `Bearer ${token}` }),
      () => dial(`/ws?token=${token}`, []),
    ];
    for (const way of ways) {
      const socket = way();
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      socket.terminate();
    }
  });

  test('takes no token from the query in production', async () => {
    const production = await aLocalStack({ NODE_ENV: 'production' });
    const url = `${production.url.replace('http', 'ws')}/ws?token=${await production.token('ned')}`;
    expect(await refusalOf(new WebSocket(url))).toBe(401);
    await production.close();
  });

  test('elsewhere than at /ws is answered 404', async () => {
    expect(await refusalOf(dial('/elsewhere', []))).toBe(404);
  });

  test('with a token that ends soon makes a connection that ends with it', async () => {
    const olga = await stack.connect('olga', { expiresInMs: 2_000 });
    expect(await olga.closed).toMatchObject({ code: 1008 });
  });
});

describe('A client that is killed', () => {
  test('is pruned, and its neighbours go on', async () => {
    const [dead, alive] = [await stack.connect('pia'), await stack.connect('pia')];
    dead.kill();
    await notify('user:pia', 'still here?');
    await alive.first(frame => frame.type === 'message');
    await until(async () => {
      const text = await (await fetch(`${stack.url}/metrics`)).text();
      return /connections_closed_total\{reason="1006"\} [1-9]/.test(text);
    });
  });
});
