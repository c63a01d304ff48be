import { afterAll, beforeAll, describe, expect } from 'vitest';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import type { EmulatedStack } from '../support/emulated-stack.ts';
import { anEmulatedStack } from '../support/emulated-stack.ts';
import type { Frame } from '../support/fanfare-socket.ts';
import { FanfareSocket } from '../support/fanfare-socket.ts';
import { whyNoLocalStack } from '../support/localstack.ts';
import { testUnless } from '../support/test-unless.ts';
import { until } from '../support/until.ts';

const unavailable = whyNoLocalStack();

const inEmulation = testUnless(unavailable);
const inBrowser = testUnless(unavailable ?? noBrowser);

let stack: EmulatedStack;
beforeAll(async () => {
  if (unavailable === undefined) stack = await anEmulatedStack('fanfare-emulated');
}, 60_000);
afterAll(() => stack?.close());

describe('On emulated AWS, with the bundles that are deployed', () => {
  inEmulation(
    'a notification goes over HTTP, DynamoDB, SNS, SQS and the management API to a socket',
    async () => {
      const alice = await stack.connect('alice');
      expect(await alice.request({ action: 'hello' })).toMatchObject({ type: 'welcome', user: 'alice' });
      const response = await stack.notify({ to: ['user:alice'], title: 'Shipped' });
      expect(response.status).toBe(202);
      const { id } = (await response.json()) as { id: string };
      expect(await alice.first(({ type }) => type === 'message')).toMatchObject({
        channel: 'user:alice',
        messageId: `${id}.user:alice`,
        offset: 1,
        notification: { title: 'Shipped' },
      });
    },
  );

  inBrowser('a browser shows what was posted', async () => {
    const browser = await launchBrowser();
    try {
      const page = await (await browser.newContext()).newPage();
      await page.goto(stack.url);
      await page.getByText('live', { exact: false }).first().waitFor();
      expect((await stack.notify({ to: ['user:bob'], title: 'From the cloud' })).status).toBe(202);
      await page.getByRole('region', { name: /^bob/i }).getByText('From the cloud').waitFor();
    } finally {
      await browser.close();
    }
  });

  inEmulation(
    'a repeat under the same Idempotency-Key is done once, and another body is a conflict',
    async () => {
      const key = { 'idempotency-key': 'order-42' };
      const body = { to: ['user:ida'], title: 'Shipped' };
      const first = await (await stack.notify(body, key)).json();
      expect(await (await stack.notify(body, key)).json()).toEqual(first);
      expect((await stack.notify({ ...body, title: 'Lost' }, key)).status).toBe(409);
    },
  );

  inEmulation('bad input over HTTP is answered as on the laptop: the field is named', async () => {
    const response = await stack.notify({ to: ['alice'], title: 'Hi' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid', errors: [{ field: 'to[0]' }] });
  });

  inEmulation('a handshake with a bad token is answered 401', async () => {
    await expect(FanfareSocket.open(stack.url, 'nonsense')).rejects.toThrow('401');
  });

  inEmulation('200 clients in 20 rooms get every message of their two rooms once, and no other', async () => {
    const rights = { allow: { 'room:*': ['subscribe'] } } as const;
    const [rooms, each, burst] = [20, 10, 5];
    const roomOf = (n: number): string => `room:crowd-${n % rooms}`;
    const join = async (k: number) => {
      const client = await stack.connect(`c${k}`, rights);
      const mine = [roomOf(k), roomOf(k + 1)];
      for (const channel of mine) await client.request({ action: 'subscribe', channel });
      return { client, mine };
    };
    const members: Awaited<ReturnType<typeof join>>[] = [];
    for (let n = 0; n < each; n += 1) {
      const wave = Array.from({ length: rooms }, (_, k) => join(n * rooms + k));
      members.push(...(await Promise.all(wave)));
    }
    for (let k = 0; k < burst; k += 1) {
      const posts = Array.from({ length: rooms }, (_, n) => stack.notify({ to: [roomOf(n)], title: `${k}` }));
      expect((await Promise.all(posts)).map(({ status }) => status)).toEqual(posts.map(() => 202));
    }
    const messagesOf = (client: FanfareSocket) => client.frames.filter(({ type }) => type === 'message');
    const total = () => members.reduce((sum, { client }) => sum + messagesOf(client).length, 0);
    await until(() => total() >= rooms * each * 2 * burst, 30_000);
    const offsets = Array.from({ length: burst }, (_, k) => k + 1);
    for (const { client, mine } of members) {
      expect(messagesOf(client)).toHaveLength(2 * burst);
      for (const channel of mine) expect(offsetsOf(client.pushed(channel))).toEqual(offsets);
    }
  });
});

const offsetsOf = (frames: readonly Frame[]): number[] =>
  frames.map(({ offset }) => Number(offset)).sort((a, b) => a - b);
