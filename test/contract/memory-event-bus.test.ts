import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import type { EventBusLimits } from '../../src/adapters/local/memory-event-bus.ts';
import { MemoryEventBus } from '../../src/adapters/local/memory-event-bus.ts';
import type { Message } from '../../src/domain/message.ts';
import { aMessage } from '../support/builders.ts';
import { RecordingLogger, RecordingMetrics, SequentialIds } from '../support/fakes.ts';
import { eventBusContract } from './event-bus.contract.ts';

const aBus = (limits: Partial<EventBusLimits> = {}) => {
  const clock = new ManualClock();
  const [logger, metrics] = [new RecordingLogger(), new RecordingMetrics()];
  const bus = new MemoryEventBus({ clock, ids: new SequentialIds(), logger, metrics, limits });
  return { bus, clock, logger, metrics };
};

eventBusContract({
  name: 'MemoryEventBus',
  open: async limits => {
    const { bus, clock } = aBus(limits);
    return {
      port: bus,
      clock,
      advance: ms => clock.advance(ms),
      subscribe: handler => bus.subscribe(handler),
    };
  },
});

describe('MemoryEventBus', () => {
  const manyMessages = (count: number) => Array.from({ length: count }, () => aMessage());

  test('starts handlers in the order of publishing, within microtasks', async () => {
    const { bus } = aBus();
    const messages = manyMessages(30);
    const started: Message[] = [];
    bus.subscribe(async message => {
      started.push(message);
    });
    for (const message of messages) void bus.publish([message]);
    expect(started).toEqual([]);
    for (let microtask = 0; microtask < 3; microtask++) await Promise.resolve();
    expect(started).toEqual(messages);
  });

  test('keeps the order among publishers that had to wait', async () => {
    const { bus, clock } = aBus({ maxMessages: 2, concurrency: 1 });
    const messages = manyMessages(12);
    const started: Message[] = [];
    bus.subscribe(async message => {
      started.push(message);
    });
    await Promise.all([
      bus.publish(messages.slice(0, 7)),
      ...messages.slice(7).map(each => bus.publish([each])),
    ]);
    await bus.drain();
    expect(started).toEqual(messages);
    expect(clock.pending).toBe(0);
  });

  test('takes nothing more of a publisher that it refused', async () => {
    const { bus, clock } = aBus({ maxMessages: 1, publishWaitMs: 5_000 });
    const messages = manyMessages(2);
    const refused = expect(bus.publish(messages)).rejects.toThrow('1 messages wait to be fanned out');
    await clock.advance(5_000);
    await refused;
    const handled: Message[] = [];
    bus.subscribe(async message => {
      handled.push(message);
    });
    await bus.drain();
    expect(handled).toEqual(messages.slice(0, 1));
  });

  test('has no more handlers at work than allowed, those that try again included', async () => {
    const { bus, clock } = aBus({ concurrency: 3 });
    let atWork = 0;
    let most = 0;
    let handled = 0;
    bus.subscribe(async () => {
      most = Math.max(most, ++atWork);
      await new Promise(resolve => setImmediate(resolve));
      atWork--;
      if (handled++ < 10) throw new Error('not yet');
    });
    await bus.publish(manyMessages(20));
    const drained = bus.drain();
    for (let seconds = 0; seconds < 60; seconds++) await clock.advance(1_000);
    await drained;
    expect(handled).toBe(30);
    expect(most).toBe(3);
  });

  test('gives every subscriber every message, and tries again only the one that failed', async () => {
    const { bus, clock } = aBus();
    const calls = { steady: 0, failing: 0 };
    bus.subscribe(async () => {
      calls.steady++;
    });
    bus.subscribe(async () => {
      if (++calls.failing === 1) throw new Error('not yet');
    });
    await bus.publish([aMessage()]);
    await clock.advance(60_000);
    await bus.drain();
    expect(calls).toEqual({ steady: 1, failing: 2 });
  });

  test('gives a message up after five retries, says so, and counts it', async () => {
    const { bus, clock, logger, metrics } = aBus();
    let tries = 0;
    bus.subscribe(async () => {
      tries++;
      throw new Error('registry is down');
    });
    const message = aMessage({ offset: 7 });
    await bus.publish([message]);
    await clock.advance(60_000);
    expect(tries).toBe(6);
    const fields = { messageId: message.id, channel: message.channel, offset: 7, cause: 'registry is down' };
    expect(logger.of('fan-out.gave-up')).toEqual([{ level: 'error', event: 'fan-out.gave-up', fields }]);
    expect(metrics.counted('failures_total', { where: 'event-bus' })).toBe(1);
    await bus.drain();
  });

  test('takes a handler that throws outright for one that failed', async () => {
    const { bus, clock, logger } = aBus({ maxRetries: 0 });
    bus.subscribe(() => {
      throw new Error('at once');
    });
    await bus.publish([aMessage()]);
    await clock.advance(0);
    expect(logger.of('fan-out.gave-up')).toHaveLength(1);
  });

  test('is drained when every subscriber has handled every message, and not before', async () => {
    const { bus, clock } = aBus();
    const releases: (() => void)[] = [];
    for (let subscribers = 0; subscribers < 2; subscribers++) {
      bus.subscribe(() => new Promise(resolve => releases.push(resolve)));
    }
    await bus.publish(manyMessages(2));
    let drained = false;
    void bus.drain().then(() => (drained = true));
    await clock.advance(0);
    expect(releases).toHaveLength(4);
    for (const release of releases) {
      expect(drained).toBe(false);
      release();
      await clock.advance(0);
    }
    expect(drained).toBe(true);
  });

  test('waits with being drained for what is to be tried again', async () => {
    const { bus, clock } = aBus();
    let tries = 0;
    bus.subscribe(async () => {
      if (++tries < 3) throw new Error('not yet');
    });
    await bus.drain();
    await bus.publish([aMessage()]);
    let drained = false;
    const draining = bus.drain().then(() => (drained = true));
    await clock.advance(0);
    expect(drained).toBe(false);
    await clock.advance(60_000);
    await draining;
    expect(tries).toBe(3);
  });
});
