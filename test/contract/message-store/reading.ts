import fc from 'fast-check';
import { expect } from 'vitest';
import type { Channel } from '../../../src/domain/channel.ts';
import type { MessageStore } from '../../../src/ports/message-store.ts';
import { aChannel } from '../../support/builders.ts';
import type { Examples } from '../../support/harness.ts';
import type { MessageStorePromises } from './log.ts';
import { countingTo, LOBBY, offsets, summary, withDrafts } from './log.ts';

/** A log is read from any place, either way, in pages. */
export const reading = (promises: MessageStorePromises, examples: Examples): void => {
  promises('reading on from a place gives what came after, oldest first', async open => {
    const { port, append } = withDrafts(await open());
    await append(5);
    const page = await port.read(LOBBY, { after: 1, limit: 2 });
    expect(summary(page)).toEqual({ offsets: [2, 3], head: 5, complete: false, trimmed: false });
    const last = await port.read(LOBBY, { after: 3, limit: 2 });
    expect(summary(last)).toEqual({ offsets: [4, 5], head: 5, complete: true, trimmed: false });
    const none = await port.read(LOBBY, { after: 5, limit: 2 });
    expect(summary(none)).toEqual({ offsets: [], head: 5, complete: true, trimmed: false });
  });

  promises('reading back from a place gives the nearest before it, in ascending order', async open => {
    const { port, append } = withDrafts(await open());
    await append(5);
    const page = await port.read(LOBBY, { before: 5, limit: 2 });
    expect(summary(page)).toEqual({ offsets: [3, 4], head: 5, complete: false, trimmed: false });
    const last = await port.read(LOBBY, { before: 3, limit: 2 });
    expect(summary(last)).toEqual({ offsets: [1, 2], head: 5, complete: true, trimmed: false });
    const none = await port.read(LOBBY, { before: 1, limit: 2 });
    expect(summary(none)).toEqual({ offsets: [], head: 5, complete: true, trimmed: false });
  });

  promises('reading from nowhere gives the newest', async open => {
    const { port, append } = withDrafts(await open());
    await append(5);
    const newest = await port.read(LOBBY, { limit: 2 });
    expect(summary(newest)).toEqual({ offsets: [4, 5], head: 5, complete: false, trimmed: false });
    const all = await port.read(LOBBY, { limit: 5 });
    expect(summary(all)).toEqual({ offsets: [1, 2, 3, 4, 5], head: 5, complete: true, trimmed: false });
  });

  promises('whatever the size of a page, paging either way meets every message once', async open => {
    const { port, append } = withDrafts(await open());
    let example = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 25 }), fc.integer({ min: 1, max: 30 }), async (count, limit) => {
        const room = aChannel(`room:${example++}`);
        await append(count, room);
        expect(await readOn(port, room, limit)).toEqual(countingTo(count));
        expect(await readBack(port, room, limit)).toEqual(countingTo(count));
      }),
      examples,
    );
  });
};

const readOn = async (port: MessageStore, channel: Channel, limit: number): Promise<readonly number[]> => {
  const met: number[] = [];
  for (;;) {
    const page = await port.read(channel, { after: met.at(-1) ?? 0, limit });
    expect(page.messages.length).toBeLessThanOrEqual(limit);
    met.push(...offsets(page));
    if (page.complete) return met;
  }
};

const readBack = async (port: MessageStore, channel: Channel, limit: number): Promise<readonly number[]> => {
  const met: number[] = [];
  for (;;) {
    const before = met[0];
    const page = await port.read(channel, before === undefined ? { limit } : { before, limit });
    expect(page.messages.length).toBeLessThanOrEqual(limit);
    met.unshift(...offsets(page));
    if (page.complete) return met;
  }
};
