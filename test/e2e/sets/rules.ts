import { expect } from 'vitest';
import type { Chapter } from './set.ts';

const topics = { allow: { 'topic:*': ['subscribe', 'publish', 'history'] } } as const;

export const rules: Chapter = {
  title: 'A channel with rules',
  declare: shows => {
    shows('takes what its schema allows, and names what it does not', async stack => {
      const una = await stack.connect('una', topics);
      const send = (data: unknown) => una.request({ action: 'sendMessage', channel: 'topic:orders', data });
      expect(await send({ id: 7 })).toMatchObject({ type: 'accepted', offset: 1 });
      expect(await send({ id: 'seven' })).toMatchObject({ code: 'invalid', field: 'data.id' });
      expect(await send({ id: 8 })).toMatchObject({ type: 'accepted', offset: 2 });
    });

    shows('lets nobody write but admins, where it says so, and nobody read what was said', async stack => {
      const channel = 'topic:scores';
      const vic = await stack.connect('vic', topics);
      const { position } = await vic.request({ action: 'subscribe', channel });
      expect(await vic.request({ action: 'sendMessage', channel, data: '1:0' })).toMatchObject({
        code: 'forbidden',
        field: 'channel',
      });
      const admin = await stack.connect('desk', { admin: true });
      expect(await admin.request({ action: 'sendMessage', channel, data: '1:0' })).toMatchObject({
        type: 'accepted',
      });
      await vic.first(frame => frame.type === 'message' && frame.data === '1:0');
      expect(await vic.request({ action: 'history', channel })).toMatchObject({ code: 'forbidden' });
      expect(await vic.request({ action: 'subscribe', channel, since: position })).toMatchObject({
        recovered: false,
        messages: [],
      });
    });

    shows('takes no more than its rate from all together', async stack => {
      const [one, other] = [await stack.connect('wim', topics), await stack.connect('xia', topics)];
      const frame = { action: 'sendMessage', channel: 'topic:slow', data: 'x' };
      expect(await one.request(frame)).toMatchObject({ type: 'accepted' });
      expect(await other.request(frame)).toMatchObject({ type: 'accepted' });
      expect(await one.request(frame)).toMatchObject({
        code: 'rate-limited',
        retryable: true,
        retryAfter: expect.any(Number),
      });
    });
  },
};
