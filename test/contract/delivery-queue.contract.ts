import { expect } from 'vitest';
import { aJob } from '../support/builders.ts';
import type { Harness } from '../support/harness.ts';
import { contract, examplesOf } from '../support/harness.ts';
import { deadLettering } from './delivery-queue/dead-lettering.ts';
import { enqueuing } from './delivery-queue/enqueuing.ts';
import type { DeliveryQueueBounds, DeliveryQueueFixture } from './delivery-queue/jobs.ts';
import { received } from './delivery-queue/jobs.ts';
import { retrying } from './delivery-queue/retrying.ts';

export const deliveryQueueContract = (harness: Harness<DeliveryQueueFixture, DeliveryQueueBounds>): void =>
  contract('DeliveryQueue', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [await open(), await open()];
      const [toOne, toOther] = [received(one), received(other)];
      const job = aJob();
      await one.port.enqueue([job]);
      await one.port.deadLetter(aJob(), 'gave up');
      await one.advance(0);
      await other.advance(0);
      expect(toOne).toEqual([job]);
      expect(toOther).toEqual([]);
      expect(await other.port.deadLetters(10)).toEqual([]);
      expect(await other.port.redrive(10)).toBe(0);
    });

    enqueuing(promises, examplesOf(harness));
    retrying(promises);
    deadLettering(promises);
  });
