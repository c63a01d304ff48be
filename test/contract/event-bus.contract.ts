import fc from 'fast-check';
import { expect } from 'vitest';
import type { Message } from '../../src/domain/message.ts';
import type { EventBus } from '../../src/ports/event-bus.ts';
import { aMessage } from '../support/builders.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, examplesOf } from '../support/harness.ts';

export interface EventBusBounds {
  /** Accepted and not handled yet. */
  readonly maxMessages: number;
  /** How long a publisher waits for room. */
  readonly publishWaitMs: number;
}

export interface EventBusFixture extends Fixture<EventBus> {
  /** The receiving end: whatever takes messages off the bus and gives them to fan-out. */
  subscribe(handler: (message: Message) => Promise<void>): void;
}

/** Longer than any wait between two tries. */
const MINUTE_MS = 60_000;

export const eventBusContract = (harness: Harness<EventBusFixture, EventBusBounds>): void =>
  contract('EventBus', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [await open(), await open()];
      const [toOne, toOther] = [received(one), received(other)];
      const message = aMessage();
      await one.port.publish([message]);
      await one.advance(0);
      await other.advance(0);
      expect(toOne).toEqual([message]);
      expect(toOther).toEqual([]);
    });

    promises('every message reaches the subscriber, as it was published', async open => {
      const fixture = await open();
      const got = received(fixture);
      const count = fc.nat({ max: 25 });
      await fc.assert(
        fc.asyncProperty(count, count, async (first, second) => {
          got.length = 0;
          const batches = [first, second].map(size => Array.from({ length: size }, () => aMessage()));
          await Promise.all(batches.map(batch => fixture.port.publish(batch)));
          await fixture.advance(0);
          expect(byId(got)).toEqual(byId(batches.flat()));
        }),
        examplesOf(harness),
      );
    });

    promises('publishing nothing is no error', async open => {
      const fixture = await open();
      const got = received(fixture);
      await fixture.port.publish([]);
      await fixture.advance(0);
      expect(got).toEqual([]);
    });

    promises('what was published before anyone subscribed waits for the first who does', async open => {
      const fixture = await open();
      const message = aMessage();
      await fixture.port.publish([message]);
      const got = received(fixture);
      await fixture.advance(0);
      expect(got).toEqual([message]);
    });

    promises('publishing does not wait for the subscriber to be done', async open => {
      const fixture = await open();
      let release = () => {};
      fixture.subscribe(() => new Promise(resolve => (release = resolve)));
      await expect(fixture.port.publish([aMessage()])).resolves.toBeUndefined();
      await fixture.advance(0);
      release();
    });

    promises('a message that its subscriber failed on comes again', ['manual-time'], async open => {
      const { port, subscribe, advance } = await open();
      const message = aMessage();
      const tries: Message[] = [];
      subscribe(async each => {
        tries.push(each);
        if (tries.length < 3) throw new Error('not yet');
      });
      await port.publish([message]);
      await advance(MINUTE_MS);
      expect(tries).toEqual([message, message, message]);
    });

    promises('a message that its subscriber fails on keeps no other back', ['manual-time'], async open => {
      const { port, subscribe, advance } = await open();
      const poison = aMessage();
      const others = Array.from({ length: 20 }, () => aMessage());
      const handled: Message[] = [];
      subscribe(async message => {
        if (message.id === poison.id) throw new Error('never');
        handled.push(message);
      });
      await port.publish([poison, ...others]);
      await advance(0);
      expect(byId(handled)).toEqual(byId(others));
      await advance(MINUTE_MS);
      expect(byId(handled)).toEqual(byId(others));
    });

    promises('a full bus lets the publisher wait until there is room', ['limits'], async open => {
      const { port, subscribe, advance } = await open({ maxMessages: 2, publishWaitMs: MINUTE_MS });
      const [releases, got] = [[] as (() => void)[], [] as Message[]];
      subscribe(message => {
        got.push(message);
        return new Promise(resolve => releases.push(resolve));
      });
      const messages = [aMessage(), aMessage(), aMessage()];
      let published = false;
      const publishing = port.publish(messages).then(() => (published = true));
      await advance(0);
      expect(published).toBe(false);
      expect(got).toHaveLength(2);
      releases.shift()?.();
      await publishing;
      await advance(0);
      expect(byId(got)).toEqual(byId(messages));
      for (const release of releases) release();
    });

    promises(
      'a bus that stays full refuses, and publishing again is safe',
      ['limits', 'manual-time'],
      async open => {
        const { port, subscribe, advance } = await open({ maxMessages: 1, publishWaitMs: 5_000 });
        const [releases, got] = [[] as (() => void)[], new Set<string>()];
        subscribe(message => {
          got.add(message.id);
          return new Promise(resolve => releases.push(resolve));
        });
        const messages = [aMessage(), aMessage()];
        const refused = expect(port.publish(messages)).rejects.toMatchObject({
          code: 'unavailable',
          retryable: true,
        });
        await advance(4_999);
        expect(got.size).toBe(1);
        await advance(1);
        await refused;

        const publishing = port.publish(messages);
        for (let turn = 0; turn < 4; turn++) {
          for (const release of releases.splice(0)) release();
          await advance(0);
        }
        await publishing;
        expect([...got].sort()).toEqual(messages.map(({ id }) => id).sort());
      },
    );
  });

const received = ({ subscribe }: EventBusFixture): Message[] => {
  const messages: Message[] = [];
  subscribe(async message => {
    messages.push(message);
  });
  return messages;
};

/** At least once, in any order: by id, each once. */
const byId = (messages: readonly Message[]): ReadonlyMap<string, Message> =>
  new Map(messages.map(message => [message.id, message]));
