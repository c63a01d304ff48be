import fc from 'fast-check';
import { expect } from 'vitest';
import type { Channel } from '../../../src/domain/channel.ts';
import type { LogQuery } from '../../../src/ports/message-store.ts';
import { aChannel } from '../../support/builders.ts';
import type { Examples } from '../../support/harness.ts';
import type { MessageStorePromises, Summary } from './log.ts';
import { countingTo, LOBBY, offsets, summary, withDrafts } from './log.ts';

/** The oldest are trimmed and a log can be lost or erased; nobody takes what comes after for what was before. */
export const forgetting = (promises: MessageStorePromises, examples: Examples): void => {
  promises(
    'the oldest are trimmed by count, and reading below what is kept says so',
    ['limits'],
    async open => {
      const { port, append } = withDrafts(await open({ maxMessages: 3 }));
      await append(5);
      const read = async (query: LogQuery) => summary(await port.read(LOBBY, query));
      const kept = { offsets: [3, 4, 5], head: 5, complete: true };
      expect(await read({ after: 0, limit: 10 })).toEqual({ ...kept, trimmed: true });
      expect(await read({ after: 2, limit: 10 })).toEqual({ ...kept, trimmed: false });
      expect(await read({ limit: 10 })).toEqual({ ...kept, trimmed: true });
      expect(await read({ limit: 3 })).toEqual({ ...kept, trimmed: false });
      expect(await read({ after: 0, limit: 2 })).toMatchObject({
        offsets: [3, 4],
        complete: false,
        trimmed: true,
      });
      expect(await read({ before: 5, limit: 1 })).toMatchObject({
        offsets: [4],
        complete: false,
        trimmed: false,
      });
      expect(await read({ before: 3, limit: 2 })).toMatchObject({
        offsets: [],
        complete: true,
        trimmed: true,
      });
      expect(await read({ before: 1, limit: 2 })).toMatchObject({
        offsets: [],
        complete: true,
        trimmed: false,
      });
    },
  );

  promises(
    'whatever is kept and asked for, a page is exactly what a log would give',
    ['limits'],
    async open => {
      const maxMessages = 6;
      const { port, append } = withDrafts(await open({ maxMessages }));
      const place = fc.nat({ max: 16 });
      const limit = fc.integer({ min: 1, max: 12 });
      const query: fc.Arbitrary<LogQuery> = fc.oneof(
        fc.record({ after: place, limit }),
        fc.record({ before: place, limit }),
        fc.record({ limit }),
      );
      let example = 0;
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: 14 }), query, async (count, asked) => {
          const room = aChannel(`room:${example++}`);
          await append(count, room);
          expect(summary(await port.read(room, asked))).toEqual(pageOfModel(count, maxMessages, asked));
        }),
        examples,
      );
    },
  );

  promises('an id that is no longer kept may be appended anew', ['limits'], async open => {
    const { port, append, draftNow } = withDrafts(await open({ maxMessages: 2 }));
    const draft = draftNow();
    await port.append(draft);
    await append(1);
    expect((await port.append(draft)).duplicate).toBe(true);
    await append(1);
    expect(await port.append(draft)).toMatchObject({ position: { offset: 4 }, duplicate: false });
  });

  promises('the oldest are trimmed by age, and offsets go on', ['limits', 'manual-time'], async open => {
    const { port, clock, advance, draftNow } = withDrafts(await open({ maxAgeMs: 60_000 }));
    const old = draftNow();
    await port.append(old);
    const before = await port.position(LOBBY);
    await advance(30_000);
    await port.append(draftNow());
    await advance(29_999);
    expect(offsets(await port.read(LOBBY, { limit: 10 }))).toEqual([1, 2]);
    await advance(2);
    const page = await port.read(LOBBY, { after: 0, limit: 10 });
    expect(summary(page)).toEqual({ offsets: [2], head: 2, complete: true, trimmed: true });
    const again = await port.append({ ...old, sentAt: clock.now() });
    expect(again).toEqual({ position: { epoch: before.epoch, offset: 3 }, duplicate: false });
  });

  promises('a log that has aged away as a whole keeps its place', ['limits', 'manual-time'], async open => {
    const { port, advance, draftNow } = withDrafts(await open({ maxAgeMs: 60_000 }));
    const appendNow = (channel: Channel) => port.append(draftNow({ channel }));
    await appendNow(LOBBY);
    await appendNow(LOBBY);
    const place = await port.position(LOBBY);
    await advance(3_600_000);
    await appendNow(aChannel('room:other'));
    expect(await port.position(LOBBY)).toEqual(place);
    const gone = { messages: [], position: place, complete: true };
    expect(await port.read(LOBBY, { after: 0, limit: 10 })).toEqual({ ...gone, trimmed: true });
    expect(await port.read(LOBBY, { after: 2, limit: 10 })).toEqual({ ...gone, trimmed: false });
    expect((await appendNow(LOBBY)).position).toEqual({ epoch: place.epoch, offset: 3 });
  });

  promises('a log that was lost starts anew, under an epoch that it never had', ['loss'], async open => {
    const { port, lose, append, draftNow } = withDrafts(await open());
    const epochs = new Set<string>();
    for (let times = 0; times < 3; times++) {
      await append(2);
      epochs.add((await port.position(LOBBY)).epoch);
      await lose?.(LOBBY);
      const { epoch, offset } = await port.position(LOBBY);
      expect(offset).toBe(0);
      expect(epochs).not.toContain(epoch);
      expect(await port.append(draftNow())).toMatchObject({ position: { epoch, offset: 1 } });
    }
  });

  promises('an erased log begins anew, and nothing of it is left', async open => {
    const { port, append, draftNow } = withDrafts(await open());
    const other = aChannel('room:other');
    await append(1, other);
    const draft = draftNow();
    await port.append(draft);
    await append(30);
    const before = await port.position(LOBBY);
    await port.erase(LOBBY);
    await port.erase(LOBBY);
    const { epoch } = await port.position(LOBBY);
    expect(epoch).not.toBe(before.epoch);
    const page = await port.read(LOBBY, { after: 0, limit: 100 });
    expect(summary(page)).toEqual({ offsets: [], head: 0, complete: true, trimmed: false });
    expect(await port.append(draft)).toEqual({ position: { epoch, offset: 1 }, duplicate: false });
    expect(offsets(await port.read(LOBBY, { limit: 100 }))).toEqual([1]);
    expect(offsets(await port.read(other, { limit: 100 }))).toEqual([1]);
  });
};

/** The port's words, spelled out over a log of which the last `maxMessages` are kept. */
const pageOfModel = (head: number, maxMessages: number, { after, before, limit }: LogQuery): Summary => {
  const written = countingTo(head);
  const kept = written.slice(-maxMessages);
  if (after !== undefined) {
    const given = kept.filter(offset => offset > after).slice(0, limit);
    const complete = kept.filter(offset => offset > after).length <= limit;
    const trimmed = written.some(offset => offset > after && !kept.includes(offset));
    return { offsets: given, head, complete, trimmed };
  }
  const below = (offset: number): boolean => before === undefined || offset < before;
  const asked = written.filter(below).slice(-limit);
  const given = asked.filter(offset => kept.includes(offset));
  const complete = kept.filter(below).length <= given.length;
  return { offsets: given, head, complete, trimmed: given.length < asked.length };
};
