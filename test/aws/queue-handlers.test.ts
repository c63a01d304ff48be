import { describe, expect, test } from 'vitest';
import { encodeJob, encodeMessage } from '../../src/adapters/aws/messaging/envelope.ts';
import { userId } from '../../src/domain/ids.ts';
import { anyContext, failures, openFunctions, records, requestContext } from '../support/aws-functions.ts';
import { aChannel, aConnection, aDraft, aJob, aMessage } from '../support/builders.ts';

const id = requestContext.connectionId;
const lobby = aChannel('room:lobby');

describe('The fan-out function', () => {
  const message = aMessage({ channel: lobby });
  const raw = encodeMessage(message, 1_000_000);
  const enveloped = JSON.stringify({ Type: 'Notification', MessageId: 'sns-1', Message: raw });

  test.each([
    ['raw', raw],
    ["in SNS's envelope", enveloped],
  ])('takes a message %s', async (_what, body) => {
    const world = openFunctions();
    await world.registry.register(aConnection({ id }), [lobby]);
    expect(await world.fanOutFunction(records(body), anyContext)).toEqual(failures());
    expect(world.gateway.received(id)).toHaveLength(1);
  });

  test('reads a message that came by reference from the log', async () => {
    const world = openFunctions();
    await world.registry.register(aConnection({ id }), [lobby]);
    const draft = aDraft({ channel: lobby, content: { kind: 'data', data: 'x'.repeat(1_000) } });
    const { position } = await world.store.append(draft);
    const body = encodeMessage({ ...draft, ...position }, 500);
    expect(body.length).toBeLessThan(500);
    expect(await world.fanOutFunction(records(body), anyContext)).toEqual(failures());
    expect(world.gateway.received(id)[0]).toContain('x'.repeat(1_000));
  });

  test.each([
    ['not JSON', 'nonsense'],
    ['JSON of another kind', '{"hello":"world"}'],
    ['a channel that is none', JSON.stringify({ message: { ...message, channel: 'nowhere' } })],
    [
      'a reference to what the log no longer holds',
      JSON.stringify({ reference: { channel: lobby, epoch: 'e', offset: 9 } }),
    ],
    ['an empty body', ''],
  ])('reports a record that is %s, and delivers its neighbours once', async (_what, poison) => {
    const world = openFunctions();
    await world.registry.register(aConnection({ id }), [lobby]);
    expect(await world.fanOutFunction(records(raw, poison, raw), anyContext)).toEqual(failures(1));
    expect(world.gateway.received(id)).toHaveLength(2);
    expect(world.logger.of('record.failed')).toMatchObject([
      { fields: { sqsMessageId: 'm1', requestId: 'request-1' } },
    ]);
  });

  test('hands back what there is no time left for', async () => {
    const world = openFunctions();
    await world.registry.register(aConnection({ id }), [lobby]);
    const late = { ...anyContext, getRemainingTimeInMillis: () => 1_999 };
    expect(await world.fanOutFunction(records(raw, raw), late)).toEqual(failures(0, 1));
    expect(world.gateway.received(id)).toEqual([]);
  });
});

describe('The deliver function', () => {
  test('delivers its jobs, and stops retrying while there is time to hand the rest on', async () => {
    const world = openFunctions();
    world.gateway.script(id, 'throttled');
    const body = encodeJob(aJob({ connectionIds: [id] }), 1_000_000);
    const context = { ...anyContext, getRemainingTimeInMillis: () => 3_000 };
    expect(await world.deliverFunction(records(body), context)).toEqual(failures());
    expect(world.metrics.counted('deliveries_requeued_total')).toBe(1);
  });

  test('reports a job that is none of ours, with its cause in the log', async () => {
    const world = openFunctions();
    expect(await world.deliverFunction(records('{"id":7}'), anyContext)).toEqual(failures(0));
    expect(world.logger.of('record.failed')).toMatchObject([
      { fields: { cause: 'the record is not one of ours' } },
    ]);
  });
});

describe('The presence function', () => {
  const due = (user: string) => JSON.stringify({ channel: lobby, user, reason: 'entered' });

  test('tells what is due, and reports what is none of ours with its cause', async () => {
    const world = openFunctions();
    const device = { user: userId('alice'), connectionId: id, expiresAt: world.clock.now() + 60_000 };
    await world.presenceStore.enter(lobby, device);
    const event = records(due('alice'), 'nonsense', due('nobody'));
    expect(await world.presenceFunction(event, anyContext)).toEqual(failures(1));
    const { messages } = await world.store.read(aChannel('presence:room:lobby'), { limit: 10 });
    expect(messages).toMatchObject([{ content: { change: { event: 'joined', user: 'alice', count: 1 } } }]);
    expect(world.logger.of('record.failed')).toMatchObject([
      { fields: { cause: 'the record is no look at presence' } },
    ]);
  });
});
