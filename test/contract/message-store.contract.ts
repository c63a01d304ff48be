// Longer than most files: one port, one suite, so that an adapter is held to all of its promises or to none.

import fc from 'fast-check';
import { expect } from 'vitest';
import type { Channel } from '../../src/domain/channel.ts';
import { messageId, userId } from '../../src/domain/ids.ts';
import type { Message, MessageDraft } from '../../src/domain/message.ts';
import type { LogPage, LogQuery, MessageStore } from '../../src/ports/message-store.ts';
import { aChannel, aDraft, aNotification } from '../support/builders.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

export interface MessageStoreLimits {
  /** Kept in each channel. */
  readonly maxMessages: number;
  readonly maxAgeMs: number;
}

export interface MessageStoreFixture extends Fixture<MessageStore> {
  /** Makes the store lose a channel's whole log, as an outage or want of room would; there with `loss`. */
  lose?(channel: Channel): Promise<void>;
}

const LOBBY = aChannel('room:lobby');

export const messageStoreContract = (harness: Harness<MessageStoreFixture, MessageStoreLimits>): void =>
  contract('MessageStore', harness, promises => {
    const examples = { numRuns: harness.examples ?? 100 };

    promises('two instances do not see each other', async open => {
      const [one, other] = [withDrafts(await open()), withDrafts(await open())];
      await one.append(3);
      expect(await other.port.read(LOBBY, { limit: 10 })).toMatchObject({ messages: [], complete: true });
      await other.append(1);
      expect(offsets(await one.port.read(LOBBY, { limit: 10 }))).toEqual([1, 2, 3]);
      expect((await one.port.position(LOBBY)).epoch).not.toBe((await other.port.position(LOBBY)).epoch);
    });

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

    promises('what one instance appends, another continues', ['two-instances'], async open => {
      const fixture = withDrafts(await open());
      const twin = await twinOf(fixture);
      const ports = [fixture.port, twin];
      await Promise.all(
        ports.flatMap(port => Array.from({ length: 10 }, () => port.append(fixture.draftNow()))),
      );
      for (const port of ports)
        expect(offsets(await port.read(LOBBY, { limit: 100 }))).toEqual(countingTo(20));
    });
  });

/** A fixture with messages that are as old as its clock says. */
const withDrafts = <Opened extends MessageStoreFixture>(fixture: Opened) => {
  const draftNow = (set: Partial<MessageDraft> = {}): MessageDraft =>
    aDraft({ sentAt: fixture.clock.now(), ...set });
  const append = async (count: number, channel = LOBBY): Promise<void> => {
    for (let done = 0; done < count; done++) await fixture.port.append(draftNow({ channel }));
  };
  return { ...fixture, draftNow, append };
};

const offsets = ({ messages }: { readonly messages: readonly Message[] }): readonly number[] =>
  messages.map(({ offset }) => offset);

interface Summary {
  readonly offsets: readonly number[];
  readonly head: number;
  readonly complete: boolean;
  readonly trimmed: boolean;
}

const summary = (page: LogPage): Summary => ({
  offsets: offsets(page),
  head: page.position.offset,
  complete: page.complete,
  trimmed: page.trimmed,
});

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

const countingTo = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);
