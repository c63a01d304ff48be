import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { localStack, whyNoLocalStack } from '../support/localstack.ts';
import type { StackWithData } from '../support/stack-with-data.ts';
import { aStackWithData } from '../support/stack-with-data.ts';
import { testUnless } from '../support/test-unless.ts';
import { until } from '../support/until.ts';
import { ownClocks } from './sets/own-clocks.ts';
import { unsubscribeLinks } from './sets/unsubscribe-links.ts';

const unavailable = whyNoLocalStack();
const WAIT_MS = 20_000;

let stack: StackWithData;
beforeAll(async () => {
  if (unavailable !== undefined) return;
  stack = await aStackWithData('fanfare-data', { quick: { pushAfterSeconds: 1 } });
}, 180_000);
afterAll(() => stack?.close());

const onAws = testUnless(unavailable);

const titles = async () => (await stack.alerts()).map(({ title }) => title);
const kindsOf = async (id: string) => (await stack.trail(id)).map(({ kind }) => kind);
const decisionsOn = async (id: string) =>
  (await stack.trail(id)).filter(({ kind }) => kind === 'push-decided');

describe('On emulated AWS with a database, with the bundles that are deployed', () => {
  onAws('people and what they wish are kept', async () => {
    const wishes = { categories: { quick: { push: false } } };
    expect((await stack.call('ann', 'PUT', '/v1/users/ann/preferences', wishes)).status).toBe(200);

    const kept = await stack.call('ann', 'GET', '/v1/users/ann/preferences');

    expect(await kept.json()).toMatchObject(wishes);
    expect((await stack.call('bob', 'GET', '/v1/users/ann/preferences')).status).toBe(403);
  });

  onAws('a schedule is sent to the second, and is gone', async () => {
    const screen = await stack.connect('cleo');
    const deliverAt = new Date(Date.now() + 4_000).toISOString();
    const notification = { to: ['user:cleo'], title: 'Your table is ready' };
    const made = await stack.call('cleo', 'POST', '/v1/schedules', { notification, deliverAt });
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { id: string };

    const received = await screen.first(({ type }) => type === 'message');

    expect(received).toMatchObject({ notification: { title: 'Your table is ready' } });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(deliverAt));
    await until(async () => (await stack.call('cleo', 'GET', `/v1/schedules/${id}`)).status === 404, WAIT_MS);
  });

  onAws('a schedule that is far away has its alarm at EventBridge, until it is cancelled', async () => {
    const at = Date.now() + 86_400_000;
    const notification = { to: ['user:dan'], title: 'Tomorrow' };
    const deliverAt = new Date(at).toISOString();
    const made = await stack.call('dan', 'POST', '/v1/schedules', { notification, deliverAt });
    const { id } = (await made.json()) as { id: string };
    const scheduler = new SchedulerClient(localStack().config);
    const alarm = () => scheduler.send(new GetScheduleCommand({ GroupName: 'fanfare-test', Name: id }));

    expect((await alarm()).Target?.Input).toBe(JSON.stringify({ schedule: id, at }));
    await stack.call('dan', 'DELETE', `/v1/schedules/${id}`);

    await expect(alarm()).rejects.toThrow('does not exist');
    scheduler.destroy();
  });

  onAws(
    'what EventBridge sends, early and more than once, is finished to the second and sent once',
    async () => {
      const [near, far] = await Promise.all(
        [6_000, 86_400_000].map(async aheadMs => {
          const at = Math.ceil(Date.now() / 1_000) * 1_000 + aheadMs;
          const notification = { to: ['user:ida'], title: 'Boarding' };
          const deliverAt = new Date(at).toISOString();
          const made = await stack.call('ida', 'POST', '/v1/schedules', { notification, deliverAt });
          return { id: ((await made.json()) as { id: string }).id, at };
        }),
      );
      if (near === undefined || far === undefined) throw new Error('both were made');
      const [scheduler, sqs] = [new SchedulerClient(localStack().config), new SQSClient(localStack().config)];
      const command = new GetScheduleCommand({ GroupName: 'fanfare-test', Name: far.id });
      const { Target } = await scheduler.send(command);
      const QueueName = Target?.Arn?.split(':').at(-1) ?? '';
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
      // The documented message: the target's input, as it is.
      const MessageBody = Target?.Input?.replace(far.id, near.id).replace(`${far.at}`, `${near.at}`);
      const screen = await stack.connect('ida');
      for (let sent = 0; sent < 2; sent++) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));

      await screen.first(({ type }) => type === 'message');

      expect(Date.now()).toBeGreaterThanOrEqual(near.at);
      await stack.call('ida', 'DELETE', `/v1/schedules/${far.id}`);
      await until(
        async () => (await stack.call('ida', 'GET', `/v1/schedules/${near.id}`)).status === 404,
        WAIT_MS,
      );
      const inbox = await stack.call('ida', 'GET', '/v1/users/ida/inbox');
      expect(((await inbox.json()) as { entries: object[] }).entries).toHaveLength(1);
      for (const client of [scheduler, sqs]) client.destroy();
    },
  );

  onAws('the trail tells what functions in and outside of the network did', async () => {
    const screen = await stack.connect('eve');
    const { id, messageId } = await stack.tell('eve', 'Shipped');
    await screen.first(({ type }) => type === 'message');
    await screen.request({ action: 'ack', messageIds: [messageId] });

    await until(async () => (await kindsOf(id)).includes('posted'), WAIT_MS);
    await until(async () => (await kindsOf(id)).includes('shown'), WAIT_MS);
    expect(await kindsOf(id)).toContain('received');
  });

  onAws('a phone is told when nobody looks, and what was read is taken back', async () => {
    await stack.phones.own('fay');
    const { messageId } = await stack.tell('fay', 'Nobody looked', { category: 'quick' });
    await until(async () => (await titles()).includes('Nobody looked'), WAIT_MS);

    const screen = await stack.connect('fay');
    await screen.request({ action: 'mark', as: 'read', messageIds: [messageId] });

    await until(async () => (await stack.told()).some(({ kind }) => kind === 'withdraw'), WAIT_MS);
  });

  onAws('a phone is left alone when a screen has shown it', async () => {
    await stack.phones.own('gus');
    const screen = await stack.connect('gus');
    const { id, messageId } = await stack.tell('gus', 'Seen', { category: 'quick' });
    await screen.request({ action: 'ack', messageIds: [messageId] });

    await until(async () => (await decisionsOn(id)).length === 1, WAIT_MS);

    expect(await decisionsOn(id)).toMatchObject([{ decision: 'drop', rule: 'seen' }]);
    expect(await titles()).not.toContain('Seen');
  });

  onAws('a person is forgotten', async () => {
    await stack.tell('hal', 'Remember me');
    expect((await stack.call('hal', 'DELETE', '/v1/users/hal')).status).toBe(204);

    expect(await (await stack.call('hal', 'GET', '/v1/users/hal/export')).text()).toBe('{"complete":true}\n');
  });
});

describe('On emulated AWS, a link that unsubscribes', () => {
  unsubscribeLinks(onAws, () => stack);
});

describe.concurrent("On emulated AWS, by a user's own clocks and the rule of each minute", () => {
  ownClocks(onAws, () => stack);
});
