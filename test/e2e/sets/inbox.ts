import { expect } from 'vitest';
import type { Chapter } from './set.ts';

const BAD_FRAMES: readonly (readonly [string, object, string])[] = [
  ['a mark of nothing', { action: 'mark', as: 'read' }, 'messageIds'],
  ['a mark of all and some', { action: 'mark', as: 'read', all: true, messageIds: ['m'] }, 'messageIds'],
  ['an archiving of all', { action: 'mark', as: 'archived', all: true }, 'as'],
  ['an unknown mark', { action: 'mark', as: 'seen', all: true }, 'as'],
  ['too many at once', { action: 'ack', messageIds: Array(101).fill('m') }, 'messageIds'],
  ['a negative limit', { action: 'inbox', limit: -1 }, 'limit'],
];

export const inbox: Chapter = {
  title: 'The inbox on a socket',
  declare: shows => {
    shows('is read, marked on every screen, and acknowledged', async stack => {
      const [laptop, phone] = [await stack.connect('oda'), await stack.connect('oda')];
      for (const title of ['one', 'two']) await stack.post('/v1/notifications', { to: ['user:oda'], title });
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
      const { entries } = await phone.request({ action: 'inbox' });
      expect(entries).toMatchObject([
        { offset: 2, read: true, shownAt: expect.stringMatching(/Z$/) },
        { offset: 1, read: false },
      ]);
      expect(await phone.request({ action: 'mark', as: 'archived', messageIds })).toMatchObject({
        unread: 1,
      });
      expect(await phone.request({ action: 'inbox', filter: 'archived' })).toMatchObject({
        entries: [{ offset: 2, archived: true }],
      });
      expect(await phone.request({ action: 'mark', as: 'read', all: true })).toMatchObject({ unread: 0 });
      await laptop.first(frame => 'inbox' in frame && (frame.inbox as { unread: number }).unread === 0);
      expect(await laptop.request({ action: 'inbox', filter: 'unread' })).toMatchObject({
        entries: [],
        unread: 0,
      });
    });

    shows('is nobody else’s to mark, or to acknowledge', async stack => {
      const owner = await stack.connect('ola');
      await stack.post('/v1/notifications', { to: ['user:ola'], title: 'private' });
      const { messageId } = await owner.first(frame => frame.type === 'message');
      const stranger = await stack.connect('pia');
      for (const asked of [{ action: 'ack' }, { action: 'mark', as: 'read' }]) {
        const refused = await stranger.request({ ...asked, messageIds: [messageId] });
        expect(refused).toMatchObject({ type: 'error', code: 'not-found', field: 'messageIds[0]' });
      }
      expect(await stranger.request({ action: 'inbox' })).toMatchObject({ entries: [], unread: 0 });
      expect(await owner.request({ action: 'inbox' })).toMatchObject({ unread: 1 });
    });

    for (const [what, frame, field] of BAD_FRAMES) {
      shows(`is told what is wrong with ${what}`, async stack => {
        const quin = await stack.connect('quin');
        expect(await quin.request({ ...frame })).toMatchObject({ type: 'error', code: 'invalid', field });
      });
    }
  },
};
