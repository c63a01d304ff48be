import { expect } from 'vitest';
import type { Chapter } from './set.ts';

const rooms = { allow: { 'room:*': ['subscribe', 'publish', 'history'] } } as const;
const since = (position: unknown, offset: number) => ({ ...(position as object), offset });

/** One more than is replayed, and how many are posted at a time. */
const [TOO_MANY, AT_ONCE] = [301, 50];

const BAD_POSITIONS: readonly (readonly [string, object, string])[] = [
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
];

export const resuming: Chapter = {
  title: 'A socket that was away',
  declare: shows => {
    shows(
      'gets exactly what it missed with the answer to its subscription, and what is new after',
      async stack => {
        const channel = 'room:away';
        const [kim, lee] = [await stack.connect('kim', rooms), await stack.connect('lee', rooms)];
        const { position } = await kim.request({ action: 'subscribe', channel });
        const say = (data: string) => lee.request({ action: 'sendMessage', channel, data });
        for (const data of ['one', 'two', 'three']) await say(data);
        kim.kill();
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
        await say('four');
        expect(await back.first(frame => frame.offset === 4)).toMatchObject({
          type: 'message',
          data: 'four',
        });
      },
    );

    shows('gets nothing but the newest position from an epoch that is over', async stack => {
      const channel = 'room:epochs';
      const kim = await stack.connect('kim', rooms);
      await kim.request({ action: 'sendMessage', channel, data: 'one' });
      const answer = await kim.request({
        action: 'subscribe',
        channel,
        since: { epoch: 'foreign', offset: 0 },
      });
      expect(answer).toMatchObject({ recovered: false, messages: [], position: { offset: 1 } });
    });

    shows('gets nothing but the newest position when it missed more than 300', async stack => {
      const channel = 'room:flood';
      const kim = await stack.connect('kim', rooms);
      const { position } = await kim.request({ action: 'subscribe', channel });
      kim.kill();
      for (let sent = 0; sent < TOO_MANY; sent += AT_ONCE) {
        const some = Array.from({ length: Math.min(AT_ONCE, TOO_MANY - sent) }, (_, n) =>
          stack.post('/v1/notifications', { to: [channel], title: `number ${sent + n}` }),
        );
        expect((await Promise.all(some)).map(({ status }) => status)).toEqual(some.map(() => 202));
      }
      const back = await stack.connect('kim', rooms);
      const resume = (offset: number) =>
        back.request({ action: 'subscribe', channel, since: since(position, offset) });
      expect(await resume(0)).toMatchObject({
        recovered: false,
        messages: [],
        position: { offset: TOO_MANY },
      });
      const { recovered, messages } = await resume(1);
      expect([recovered, (messages as unknown[]).length]).toEqual([true, TOO_MANY - 1]);
    });

    shows(
      'comes back to many channels in one request, and hears which of them it may not follow',
      async stack => {
        const kim = await stack.connect('kim', rooms);
        const many = Array.from({ length: 50 }, (_, n) => ({ channel: `room:many-${n}` }));
        const channels = [...many, { channel: 'topic:b' }, { channel: 'user:kim' }];
        const answer = await kim.request({ action: 'subscribe', channels });
        expect(answer).toEqual({
          type: 'subscribed',
          id: 'r1',
          channels: [
            ...many.map(({ channel }) =>
              expect.objectContaining({ channel, recovered: false, messages: [] }),
            ),
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
      },
    );

    shows('gets no frame over 128 KB, and the rest by asking on from the last it has', async stack => {
      const max = await stack.connect('max', rooms);
      const { position } = await max.request({ action: 'subscribe', channel: 'room:heavy' });
      for (let n = 0; n < 3; n += 1) {
        await max.request({ action: 'sendMessage', channel: 'room:heavy', data: 'x'.repeat(30_000) });
        await stack.post('/v1/notifications', { to: ['user:max'], title: 'T', data: 'x'.repeat(60_000) });
      }
      const own = await max.request({ action: 'subscribe', channel: 'user:max' });
      const ownSince = (offset: number) => ({ channel: 'user:max', since: since(own.position, offset) });
      const many = await max.request({
        action: 'subscribe',
        channels: [{ channel: 'room:heavy', since: since(position, 0) }, ownSince(0)],
      });
      expect(JSON.stringify(many).length).toBeLessThanOrEqual(131_072);
      const [heavy, first] = many.channels as { messages: { offset: number }[]; complete: boolean }[];
      expect([heavy?.messages.length, heavy?.complete]).toEqual([3, true]);
      expect([first?.messages.length, first?.complete]).toEqual([0, false]);
      const rest = await max.request({ action: 'subscribe', ...ownSince(0) });
      expect([(rest.messages as unknown[]).length, rest.complete, rest.recovered]).toEqual([2, false, true]);
      const last = await max.request({ action: 'subscribe', ...ownSince(2) });
      expect([(last.messages as unknown[]).length, last.complete]).toEqual([1, true]);
    });

    for (const [what, fields, field] of BAD_POSITIONS) {
      shows(`is told what is wrong with ${what}, and stays open`, async stack => {
        const nia = await stack.connect('nia', rooms);
        const answer = await nia.request({ action: 'subscribe', channel: 'room:c', ...fields });
        expect(answer).toMatchObject({ type: 'error', code: 'invalid', field });
        expect(await nia.request({ action: 'ping' })).toMatchObject({ type: 'pong' });
      });
    }
  },
};
