import type { SNSClient } from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intoBatches } from '../../src/adapters/aws/messaging/send-batches.ts';
import { SnsEventBus } from '../../src/adapters/aws/messaging/sns-event-bus.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { aMessage } from '../support/builders.ts';
import { SequentialIds } from '../support/fakes.ts';

describe('Batches', () => {
  test('keep to ten entries and to the bytes, lose nothing and keep the order', () => {
    const bodies = fc.array(fc.string({ maxLength: 60, unit: 'grapheme' }), { maxLength: 60 });
    fc.assert(
      fc.property(bodies, fc.integer({ min: 20, max: 400 }), (all, maxBytes) => {
        const batches = intoBatches(all, maxBytes);
        expect(batches.flat()).toEqual(all);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(10);
          const bytes = batch.reduce((sum, body) => sum + Buffer.byteLength(body), 0);
          if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(maxBytes);
        }
      }),
    );
  });
});

/** A topic that refuses some entries of its first calls, by index. */
const aTopic = (...refusals: readonly (readonly number[])[]) => {
  const sent: string[][] = [];
  const client = {
    send: async (command: { input: { PublishBatchRequestEntries: { Id: string; Message: string }[] } }) => {
      const entries = command.input.PublishBatchRequestEntries;
      const refused = refusals[sent.length] ?? [];
      sent.push(entries.map(({ Message }) => Message));
      return { Failed: refused.map(index => ({ Id: String(index), Code: 'InternalError' })) };
    },
  } as unknown as SNSClient;
  return { client, sent };
};

describe('SnsEventBus', () => {
  const busOf = (client: SNSClient) => {
    const clock = new ManualClock();
    return {
      clock,
      bus: new SnsEventBus({ client, topicArn: 'arn:topic', clock, ids: new SequentialIds() }),
    };
  };

  test('sends again only those entries of a batch that were refused', async () => {
    const { client, sent } = aTopic([1, 3], [0]);
    const { bus, clock } = busOf(client);
    const messages = Array.from({ length: 5 }, () => aMessage());
    const published = bus.publish(messages);
    await clock.advance(60_000);
    await published;
    const ids = sent.map(batch => batch.map(text => JSON.parse(text).message.id));
    const all = messages.map(({ id }) => id);
    expect(ids).toEqual([all, [all[1], all[3]], [all[1]]]);
  });

  test('gives up after six tries, saying why', async () => {
    const always = Array.from({ length: 10 }, () => [0]);
    const { client, sent } = aTopic(...always);
    const { bus, clock } = busOf(client);
    const failed = expect(bus.publish([aMessage()])).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: expect.stringContaining('InternalError'),
    });
    await clock.advance(600_000);
    await failed;
    expect(sent).toHaveLength(6);
  });

  test.each([
    ['NotFoundException', 'internal', 'does not exist'],
    ['AuthorizationErrorException', 'internal', 'may not use'],
    ['InternalErrorException', 'unavailable', 'not available'],
  ])('tells %s as %s, naming the topic', async (name, code, words) => {
    const client = {
      send: async () => {
        throw Object.assign(new Error('no'), { name });
      },
    } as unknown as SNSClient;
    const failed = busOf(client).bus.publish([aMessage()]);
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    await expect(failed).rejects.toThrow('arn:topic');
  });
});
