import fc from 'fast-check';
import { expect } from 'vitest';
import { aJob } from '../../support/builders.ts';
import type { Examples } from '../../support/harness.ts';
import type { DeliveryQueuePromises } from './jobs.ts';
import { byId, received } from './jobs.ts';

const FIFTEEN_MINUTES_MS = 900_000;

/** A job comes to whoever consumes: as it was, at its time. */
export const enqueuing = (promises: DeliveryQueuePromises, examples: Examples): void => {
  promises('every job reaches the consumer, as it was enqueued', async open => {
    const fixture = await open();
    const got = received(fixture);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 25 }), async count => {
        got.length = 0;
        const jobs = Array.from({ length: count }, () => aJob({ attempt: 2 }));
        await fixture.port.enqueue(jobs);
        // A platform whose time is real may need some on a busy machine.
        for (let looks = 0; looks === 0 || (got.length < count && looks < 50); looks += 1) {
          await fixture.advance(looks === 0 ? 0 : 100);
        }
        expect(byId(got)).toEqual(byId(jobs));
      }),
      examples,
    );
  });

  promises('what was enqueued before anyone consumed waits for the first who does', async open => {
    const fixture = await open();
    const job = aJob();
    await fixture.port.enqueue([job]);
    const got = received(fixture);
    await fixture.advance(0);
    expect(got).toEqual([job]);
  });

  promises('a delayed job does not come before its time, and comes then', async open => {
    const fixture = await open();
    const got = received(fixture);
    const job = aJob();
    await fixture.port.enqueue([job], 3_000);
    await fixture.advance(1_000);
    expect(got).toEqual([]);
    await fixture.advance(3_000);
    expect(got).toEqual([job]);
  });

  promises('a delay is kept to the ms, up to 15 minutes', ['manual-time'], async open => {
    const { port, clock, consume, advance } = await open();
    const start = clock.now();
    const cameAfter = new Map<string, number>();
    consume(async ({ id }) => {
      cameAfter.set(id, clock.now() - start);
    });
    const delays = [FIFTEEN_MINUTES_MS, 1, 60_000, 59_999, 0];
    for (const delayMs of delays) await port.enqueue([aJob({ id: String(delayMs) })], delayMs);
    await advance(FIFTEEN_MINUTES_MS);
    expect(cameAfter).toEqual(new Map(delays.map(delayMs => [String(delayMs), delayMs])));
  });

  promises('jobs of any delays each come at their own time', ['manual-time'], async open => {
    const { port, clock, consume, advance } = await open();
    const cameAt = new Map<string, number>();
    consume(async ({ id }) => {
      cameAt.set(id, clock.now());
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 300 }), { maxLength: 40 }), async delays => {
        const due = new Map<string, number>();
        cameAt.clear();
        for (const delayMs of delays) {
          const job = aJob();
          due.set(job.id, clock.now() + delayMs);
          await port.enqueue([job], delayMs);
        }
        await advance(300);
        expect(cameAt).toEqual(due);
      }),
      examples,
    );
  });

  promises('a longer delay than 15 minutes is refused', async open => {
    const { port } = await open();
    await expect(port.enqueue([aJob()], FIFTEEN_MINUTES_MS + 1)).rejects.toMatchObject({ code: 'invalid' });
  });
};
