import { expect } from 'vitest';
import type { Stack } from '../../support/stack.ts';
import type { Chapter } from './set.ts';

const rooms = { allow: { 'room:*': ['subscribe', 'publish', 'history'] } } as const;
const notify = (stack: Stack, to: string, title: string, data?: unknown) =>
  stack.post('/v1/notifications', { to: [to], title, ...(data === undefined ? {} : { data }) });

export const talking: Chapter = {
  title: 'A socket',
  declare: shows => {
    shows('greets with what a client needs to know', async stack => {
      const alice = await stack.connect('alice');
      expect(await alice.request({ action: 'hello' })).toEqual({
        type: 'welcome',
        id: 'r1',
        connectionId: expect.stringMatching(/^[A-Za-z0-9_-]{15}=$/),
        user: 'alice',
        expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
        channels: expect.arrayContaining(['user:alice', 'broadcast']),
      });
    });

    shows('gets a notification for its user when it is posted, on every screen', async stack => {
      const screens = [await stack.connect('dora'), await stack.connect('dora')];
      const stranger = await stack.connect('emil');
      const { id } = (await (await notify(stack, 'user:dora', 'Shipped')).json()) as { id: string };
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

    shows('hears a broadcast without asking', async stack => {
      const fay = await stack.connect('fay');
      await notify(stack, 'broadcast', 'We are live');
      await fay.first(frame => frame.channel === 'broadcast');
    });

    shows('talks in a room: subscribe, send, history, unsubscribe', async stack => {
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

    shows('is sent once under one key', async stack => {
      const tom = await stack.connect('tom', rooms);
      const frame = { action: 'sendMessage', channel: 'room:keys', data: 'hi', key: 'k-1' };
      const first = await tom.request(frame);
      expect(await tom.request(frame)).toMatchObject({ messageId: first.messageId, offset: first.offset });
      expect(await tom.request({ ...frame, key: 'not a key' })).toMatchObject({
        code: 'invalid',
        field: 'key',
      });
    });

    shows('catches up by history on what it missed', async stack => {
      await notify(stack, 'user:ivy', 'one');
      await notify(stack, 'user:ivy', 'two');
      const ivy = await stack.connect('ivy');
      const answer = await ivy.request({ action: 'history', channel: 'user:ivy', after: 1 });
      expect(answer.messages).toMatchObject([{ offset: 2, notification: { title: 'two' } }]);
    });

    shows('gets history in frames of at most 128 KB, and the rest by asking on', async stack => {
      for (let n = 1; n <= 4; n += 1) await notify(stack, 'user:jo', `n${n}`, 'x'.repeat(50_000));
      const jo = await stack.connect('jo');
      const first = await jo.request({ action: 'history', channel: 'user:jo', after: 0 });
      expect(JSON.stringify(first).length).toBeLessThanOrEqual(131_072);
      expect([(first.messages as unknown[]).length, first.complete]).toEqual([2, false]);
      const newest = await jo.request({ action: 'history', channel: 'user:jo' });
      expect((newest.messages as { offset: number }[]).map(({ offset }) => offset)).toEqual([3, 4]);
      const rest = await jo.request({ action: 'history', channel: 'user:jo', after: 2 });
      expect([(rest.messages as unknown[]).length, rest.complete]).toEqual([2, true]);
    });
  },
};
