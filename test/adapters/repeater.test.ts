import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { Repeater } from '../../src/adapters/system/repeater.ts';
import { RecordingLogger, RecordingMetrics } from '../support/fakes.ts';

const aRepeater = (work: () => Promise<unknown>) => {
  const [clock, logger, metrics] = [new ManualClock(), new RecordingLogger(), new RecordingMetrics()];
  const repeater = new Repeater({ clock, logger, metrics, name: 'work', restMs: 1_000, work });
  return { clock, logger, metrics, repeater };
};

test('It does its work after every rest, also when that failed, and says so', async () => {
  let done = 0;
  const { clock, logger, metrics, repeater } = aRepeater(async () => {
    if (++done === 2) throw new Error('no luck');
  });
  repeater.start();
  for (let rests = 0; rests < 3; rests++) await clock.advance(1_000);
  expect(done).toBe(3);
  expect(logger.of('work.failed')).toHaveLength(1);
  expect(metrics.counted('failures_total', { where: 'work' })).toBe(1);
});

test('It rests not while there is more to be done', async () => {
  let done = 0;
  const { clock, repeater } = aRepeater(async () => (++done < 5 ? 'more' : 'done'));
  repeater.start();
  await clock.advance(1_000);
  expect(done).toBe(5);
  await clock.advance(1_000);
  expect(done).toBe(6);
});

test('It never works twice at once, and stops when its work is done', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  const { clock, repeater } = aRepeater(() => {
    begun++;
    return promise;
  });
  repeater.start();
  await clock.advance(10_000);
  expect(begun).toBe(1);
  let stopped = false;
  const stopping = repeater.stop().then(() => {
    stopped = true;
  });
  await clock.advance(0);
  expect(stopped).toBe(false);
  resolve();
  await stopping;
  await clock.advance(10_000);
  expect(begun).toBe(1);
});
