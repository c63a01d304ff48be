import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { StartedLocalStackContainer } from '@testcontainers/localstack';
import { LocalstackContainer } from '@testcontainers/localstack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EmulatedStack } from '../support/emulated-stack.ts';
import { anEmulatedStack } from '../support/emulated-stack.ts';
import type { FanfareSocket } from '../support/fanfare-socket.ts';
import { emulated, LOCALSTACK_IMAGE, whyNoLocalStack } from '../support/localstack.ts';
import { persist } from '../support/producer.ts';
import { stillContainer } from '../support/still-container.ts';
import { until } from '../support/until.ts';

const PAUSED_MS = 10_000;
const BURST = 60;
const ROOM = 'room:outage';

const unavailable = whyNoLocalStack();

/** Of its own, since nobody else's tests shall stand still with it. */
let container: StartedLocalStackContainer;
let stack: EmulatedStack;
let sqs: SQSClient;

beforeAll(async () => {
  if (unavailable !== undefined) return;
  container = await new LocalstackContainer(LOCALSTACK_IMAGE).start();
  const endpoint = container.getConnectionUri();
  stack = await anEmulatedStack('fanfare-outage', { endpoint });
  sqs = new SQSClient(emulated(endpoint));
}, 120_000);
afterAll(async () => {
  sqs?.destroy();
  await stack?.close();
  await container?.stop({ timeout: 0 });
});

/** A record that failed comes again in seconds, where the template says minutes. */
const hideRecordsBriefly = async (): Promise<void> => {
  const { fanOutQueueUrl, deliveryQueueUrl } = stack.resources;
  for (const QueueUrl of [fanOutQueueUrl, deliveryQueueUrl]) {
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '5' } }));
  }
  await sleep(1_500); // a long poll that began before keeps the old timeout
};

const waitingIn = async (QueueUrl: string): Promise<number> => {
  const AttributeNames = [
    'ApproximateNumberOfMessages' as const,
    'ApproximateNumberOfMessagesNotVisible' as const,
  ];
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
};

/** As a client keeps them: each offset once, however often it came. Fails where two messages share an offset. */
const kept = (client: FanfareSocket, channel: string): ReadonlyMap<number, string> => {
  const messages = new Map<number, string>();
  for (const { offset, messageId } of client.pushed(channel)) {
    const known = messages.get(Number(offset)) ?? messageId;
    expect(messageId).toBe(known);
    messages.set(Number(offset), String(messageId));
  }
  return messages;
};

test('LocalStack stands still for ten seconds during a burst, and nothing is lost', async context => {
  if (unavailable !== undefined) context.skip(unavailable);
  await hideRecordsBriefly();
  const rights = { allow: { 'room:*': ['subscribe', 'history'] } } as const;
  const ada = await Promise.all([stack.connect('ada'), stack.connect('ada')]);
  const guests = await Promise.all(['bob', 'cleo', 'dan'].map(user => stack.connect(user, rights)));
  for (const guest of guests) await guest.request({ action: 'subscribe', channel: ROOM });

  const send = (k: number) => {
    const to = [k % 2 === 0 ? 'user:ada' : ROOM];
    return persist(stack, `order-${k}`, { to, title: `number ${k}` });
  };
  const third = (n: number) => Array.from({ length: BURST / 3 }, (_, k) => send((n * BURST) / 3 + k));
  const before = third(0);
  await Promise.race(before); // under way
  const goOn = await stillContainer(container);
  const during = third(1);
  await sleep(PAUSED_MS);
  await goOn();
  const accepted = await Promise.all([...before, ...during, ...third(2)]);

  expect(accepted.flatMap(({ met }) => met)).not.toEqual([]); // it was noticed
  const idsIn = (parity: number, channel: string) =>
    accepted
      .filter((_, k) => k % 2 === parity)
      .map(({ id }) => `${id}.${channel}`)
      .sort();
  const offsets = Array.from({ length: BURST / 2 }, (_, k) => k + 1);
  const expectAll = async (client: FanfareSocket, channel: string, ids: readonly string[]) => {
    await until(() => kept(client, channel).size >= BURST / 2, 60_000);
    const messages = kept(client, channel);
    expect([...messages.keys()].sort((a, b) => a - b)).toEqual(offsets);
    expect([...messages.values()].sort()).toEqual(ids);
  };
  for (const screen of ada) await expectAll(screen, 'user:ada', idsIn(0, 'user:ada'));
  for (const guest of guests) await expectAll(guest, ROOM, idsIn(1, ROOM));

  const [guest = ada[0]] = guests;
  const history = await guest.request({ action: 'history', channel: ROOM, limit: 100 });
  const logged = (history.messages as { messageId: string }[]).map(({ messageId }) => messageId);
  expect(logged.sort()).toEqual(idsIn(1, ROOM));
  const dead = stack.resources.env.FANFARE_DELIVERY_DEAD_LETTER_QUEUE_URL ?? '';
  expect(await waitingIn(dead)).toBe(0);
  await until(async () => (await waitingIn(stack.resources.fanOutQueueUrl)) === 0, 30_000);
}, 180_000);
