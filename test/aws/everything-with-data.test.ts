import { randomUUID } from 'node:crypto';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  CreatePlatformApplicationCommand,
  ListEndpointsByPlatformApplicationCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmulatedStack } from '../support/emulated-stack.ts';
import { anEmulatedStack } from '../support/emulated-stack.ts';
import { phonesOver } from '../support/http-phones.ts';
import { localStack, whyNoLocalStack } from '../support/localstack.ts';
import { published } from '../support/sns-told.ts';
import { POSTGRES_IMAGE } from '../support/sql-platforms.ts';
import { until } from '../support/until.ts';

const unavailable = whyNoLocalStack();
const WAIT_MS = 20_000;

let postgres: StartedPostgreSqlContainer;
let stack: EmulatedStack;
let sns: SNSClient;
let application: string;
let phones: ReturnType<typeof phonesOver>;

beforeAll(async () => {
  if (unavailable !== undefined) return;
  sns = new SNSClient(localStack().config);
  const Attributes = { PlatformCredential: 'credential', PlatformPrincipal: 'principal' };
  const [started, { PlatformApplicationArn = '' }] = await Promise.all([
    new PostgreSqlContainer(POSTGRES_IMAGE).start(),
    sns.send(new CreatePlatformApplicationCommand({ Name: randomUUID(), Platform: 'GCM', Attributes })),
  ]);
  postgres = started;
  application = PlatformApplicationArn;
  stack = await anEmulatedStack('fanfare-data', {
    env: {
      FANFARE_POSTGRES_URL: postgres.getConnectionUri(),
      FANFARE_CATEGORIES: JSON.stringify({ quick: { pushAfterSeconds: 1 } }),
      FANFARE_REQUESTS_PER_SECOND: '1000',
      FANFARE_REQUESTS_BURST: '1000',
    },
    functionEnv: { FANFARE_FCM_APPLICATION_ARN: application },
  });
  phones = phonesOver(stack);
}, 180_000);
afterAll(async () => {
  sns?.destroy();
  await stack?.close();
  await postgres?.stop({ timeout: 0 });
});

const onAws = (sentence: string, body: () => Promise<void>): void =>
  test(sentence, { timeout: 60_000 }, async context => {
    if (unavailable !== undefined) context.skip(unavailable);
    await body();
  });

const call = async (user: string, method: string, path: string, body?: object): Promise<Response> =>
  fetch(`${stack.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await stack.token(user)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** @returns what was accepted */
const tell = async (user: string, title: string, set: object = {}) => {
  const response = await stack.notify({ to: [`user:${user}`], title, ...set });
  const { id, channels } = (await response.json()) as { id: string; channels: [{ messageId: string }] };
  return { id, messageId: channels[0].messageId };
};

/** What SNS was given for the phones of the application, as the phone would be told it. */
const told = async () => {
  const command = new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn: application });
  const { Endpoints = [] } = await sns.send(command);
  const perPhone = Endpoints.map(({ EndpointArn = '' }) =>
    published(localStack().endpoint, 'fcm', EndpointArn),
  );
  return (await Promise.all(perPhone)).flat();
};
const titles = async () => (await told()).flatMap(one => (one.kind === 'alert' ? [one.title] : []));

describe('On emulated AWS with a database, with the bundles that are deployed', () => {
  onAws('people and what they wish are kept', async () => {
    const wishes = { categories: { quick: { push: false } } };
    expect((await call('ann', 'PUT', '/v1/users/ann/preferences', wishes)).status).toBe(200);

    const kept = await call('ann', 'GET', '/v1/users/ann/preferences');

    expect(await kept.json()).toMatchObject(wishes);
    expect((await call('bob', 'GET', '/v1/users/ann/preferences')).status).toBe(403);
  });

  onAws('a schedule is sent to the second, and is gone', async () => {
    const screen = await stack.connect('cleo');
    const deliverAt = new Date(Date.now() + 4_000).toISOString();
    const notification = { to: ['user:cleo'], title: 'Your table is ready' };
    const made = await call('cleo', 'POST', '/v1/schedules', { notification, deliverAt });
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { id: string };

    const received = await screen.first(({ type }) => type === 'message');

    expect(received).toMatchObject({ notification: { title: 'Your table is ready' } });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(deliverAt));
    await until(async () => (await call('cleo', 'GET', `/v1/schedules/${id}`)).status === 404, WAIT_MS);
  });

  onAws('a schedule that is far away has its alarm at EventBridge, until it is cancelled', async () => {
    const at = Date.now() + 86_400_000;
    const notification = { to: ['user:dan'], title: 'Tomorrow' };
    const deliverAt = new Date(at).toISOString();
    const made = await call('dan', 'POST', '/v1/schedules', { notification, deliverAt });
    const { id } = (await made.json()) as { id: string };
    const scheduler = new SchedulerClient(localStack().config);
    const alarm = () => scheduler.send(new GetScheduleCommand({ GroupName: 'fanfare-test', Name: id }));

    expect((await alarm()).Target?.Input).toBe(JSON.stringify({ schedule: id, at }));
    await call('dan', 'DELETE', `/v1/schedules/${id}`);

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
          const made = await call('ida', 'POST', '/v1/schedules', { notification, deliverAt });
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
      await call('ida', 'DELETE', `/v1/schedules/${far.id}`);
      await until(async () => (await call('ida', 'GET', `/v1/schedules/${near.id}`)).status === 404, WAIT_MS);
      const inbox = await call('ida', 'GET', '/v1/users/ida/inbox');
      expect(((await inbox.json()) as { entries: object[] }).entries).toHaveLength(1);
      for (const client of [scheduler, sqs]) client.destroy();
    },
  );

  onAws('the trail tells what functions in and outside of the network did', async () => {
    const screen = await stack.connect('eve');
    const { id, messageId } = await tell('eve', 'Shipped');
    await screen.first(({ type }) => type === 'message');
    await screen.request({ action: 'ack', messageIds: [messageId] });

    const kinds = async (): Promise<readonly string[]> => {
      const { entries } = (await (await stack.get(`/v1/notifications/${id}`)).json()) as {
        entries: readonly { kind: string }[];
      };
      return entries.map(({ kind }) => kind);
    };

    await until(async () => (await kinds()).includes('posted'), WAIT_MS);
    await until(async () => (await kinds()).includes('shown'), WAIT_MS);
    expect(await kinds()).toContain('received');
  });

  onAws('a phone is told when nobody looks, and what was read is taken back', async () => {
    await phones.own('fay');
    const { messageId } = await tell('fay', 'Nobody looked', { category: 'quick' });
    await until(async () => (await titles()).includes('Nobody looked'), WAIT_MS);

    const screen = await stack.connect('fay');
    await screen.request({ action: 'mark', as: 'read', messageIds: [messageId] });

    await until(async () => (await told()).some(({ kind }) => kind === 'withdraw'), WAIT_MS);
  });

  onAws('a phone is left alone when a screen has shown it', async () => {
    await phones.own('gus');
    const screen = await stack.connect('gus');
    const { id, messageId } = await tell('gus', 'Seen', { category: 'quick' });
    await screen.request({ action: 'ack', messageIds: [messageId] });
    const decided = async () => {
      const { entries } = (await (await stack.get(`/v1/notifications/${id}`)).json()) as {
        entries: readonly { kind: string; rule?: string }[];
      };
      return entries.find(({ kind }) => kind === 'push-decided');
    };

    await until(async () => (await decided()) !== undefined, WAIT_MS);

    expect(await decided()).toMatchObject({ decision: 'drop', rule: 'seen' });
    expect(await titles()).not.toContain('Seen');
  });

  onAws('a person is forgotten', async () => {
    await tell('hal', 'Remember me');
    expect((await call('hal', 'DELETE', '/v1/users/hal')).status).toBe(204);

    expect(await (await call('hal', 'GET', '/v1/users/hal/export')).text()).toBe('{"complete":true}\n');
  });
});
