import fc from 'fast-check';
import { expect } from 'vitest';
import { messageId, userId } from '../../../src/domain/ids.ts';
import type { LogPage } from '../../../src/ports/message-store.ts';
import { aChannel, aNotification } from '../../support/builders.ts';
import type { Examples } from '../../support/harness.ts';
import type { MessageStorePromises } from './log.ts';
import { countingTo, LOBBY, offsets, withDrafts } from './log.ts';

/** What is appended stands in the log: once, without a gap, for every reader alike. */
export const appending = (promises: MessageStorePromises, examples: Examples): void => {
  promises('a channel that nobody wrote to is empty, under the epoch that it will have', async open => {
    const { port, draftNow } = withDrafts(await open());
    const before = await port.position(LOBBY);
    expect(before.offset).toBe(0);
    const page: LogPage = { messages: [], position: before, complete: true, trimmed: false };
    expect(await port.read(LOBBY, { after: 0, limit: 10 })).toEqual(page);
    expect(await port.read(LOBBY, { limit: 10 })).toEqual(page);
    const { position } = await port.append(draftNow());
    expect(position).toEqual({ epoch: before.epoch, offset: 1 });
  });

  promises('offsets count from 1 without a gap, in each channel for itself', async open => {
    const { port, draftNow } = withDrafts(await open());
    const other = aChannel('room:other');
    const given: number[] = [];
    for (const channel of [LOBBY, other, LOBBY, LOBBY, other]) {
      given.push((await port.append(draftNow({ channel }))).position.offset);
    }
    expect(given).toEqual([1, 1, 2, 3, 2]);
    expect((await port.position(LOBBY)).offset).toBe(3);
    expect((await port.position(other)).offset).toBe(2);
  });

  promises('what is read is what was appended', async open => {
    const { port, draftNow } = withDrafts(await open());
    const data = { text: 'Grüße 🎉', nested: { list: [1, 2.5, null, true], empty: {} } };
    const notification = aNotification({
      body: 'body',
      data,
      category: 'orders',
      expiresAt: 1_800_000_000_000,
    });
    const drafts = [
      draftNow({ content: { kind: 'data', data }, from: userId('bob@example.org') }),
      draftNow({ content: { kind: 'data', data: null } }),
      draftNow({ content: { kind: 'notification', notification } }),
    ];
    for (const draft of drafts) await port.append(draft);
    const { messages, position } = await port.read(LOBBY, { limit: 10 });
    const expected = drafts.map((draft, index) => ({ ...draft, epoch: position.epoch, offset: index + 1 }));
    expect(messages).toEqual(expected);
  });

  promises('a read sees every append that ended before it', async open => {
    const { port, draftNow } = withDrafts(await open());
    for (let offset = 1; offset <= 20; offset++) {
      const { position } = await port.append(draftNow());
      expect(await port.position(LOBBY)).toEqual(position);
      expect(offsets(await port.read(LOBBY, { after: offset - 1, limit: 10 }))).toEqual([offset]);
    }
  });

  promises('however many append at once, offsets are contiguous', async open => {
    const { port, draftNow } = withDrafts(await open());
    let example = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 2 }), { maxLength: 30 }), async choices => {
        const rooms = [0, 1, 2].map(room => aChannel(`room:${example}-${room}`));
        example++;
        const drafts = choices.map(choice => draftNow({ channel: rooms[choice] ?? LOBBY }));
        const appended = await Promise.all(drafts.map(draft => port.append(draft)));
        for (const room of rooms) {
          const own = appended.filter((_, index) => drafts[index]?.channel === room);
          const given = own.map(({ position }) => position.offset).sort((a, b) => a - b);
          expect(given).toEqual(countingTo(own.length));
          expect(offsets(await port.read(room, { after: 0, limit: 100 }))).toEqual(given);
        }
      }),
      examples,
    );
  });

  promises('once a reader sees an offset, nothing new ever appears below it', async open => {
    const { port, draftNow } = withDrafts(await open());
    const appends = Array.from({ length: 40 }, () => port.append(draftNow()));
    const seen = new Map<number, string>();
    for (let head = 0; head < 40; ) {
      const { messages, position } = await port.read(LOBBY, { after: 0, limit: 100 });
      expect(messages.map(({ offset }) => offset)).toEqual(countingTo(position.offset));
      expect(position.offset).toBeGreaterThanOrEqual(head);
      for (const { offset, id } of messages) expect(seen.get(offset) ?? id).toBe(id);
      for (const { offset, id } of messages) seen.set(offset, id);
      head = position.offset;
    }
    await Promise.all(appends);
  });

  promises('the same id gets its first position back, and nothing is written', async open => {
    const { port, append, draftNow } = withDrafts(await open());
    const draft = draftNow();
    const first = await port.append(draft);
    expect(first.duplicate).toBe(false);
    await append(2);
    const again = await port.append({ ...draft, sentAt: draft.sentAt + 1 });
    expect(again).toEqual({ position: first.position, duplicate: true });
    const { messages } = await port.read(LOBBY, { limit: 10 });
    expect(messages).toHaveLength(3);
    expect(messages[0]?.sentAt).toBe(draft.sentAt);
  });

  promises('of many appends of one id at once, exactly one is not a duplicate', async open => {
    const { port, draftNow } = withDrafts(await open());
    const draft = draftNow();
    const appended = await Promise.all(Array.from({ length: 20 }, () => port.append(draft)));
    expect(appended.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(new Set(appended.map(({ position }) => position.offset))).toEqual(new Set([1]));
    expect((await port.position(LOBBY)).offset).toBe(1);
  });

  promises('the same id in another channel is another message', async open => {
    const { port, draftNow } = withDrafts(await open());
    const id = messageId('shared');
    await port.append(draftNow({ id }));
    const other = await port.append(draftNow({ id, channel: aChannel('room:other') }));
    expect(other).toMatchObject({ position: { offset: 1 }, duplicate: false });
  });
};
