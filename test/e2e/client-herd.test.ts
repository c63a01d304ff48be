import { afterEach, describe, expect, test } from 'vitest';
import type { Transport } from '../../src/client/index.ts';
import { Fanfare, webSocket } from '../../src/client/index.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

const ROOM = 'room:talk';
const CLIENTS = 1_000;
const BUCKET_MS = 100;
/**
 * Full jitter spreads the first tries evenly over a second, a tenth of the clients to a bucket; later tries are spread
 * further. A herd without it would come in one bucket or two.
 */
const MOST_OF_THEM = 0.3;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const aStack = async (env: Readonly<Record<string, string>> = {}): Promise<LocalStack> => {
  const stack = await aLocalStack({ FANFARE_QUOTAS: 'none', ...env });
  closing.push(() => stack.close());
  return stack;
};

describe(`A server that is restarted under ${CLIENTS} clients`, () => {
  test('has them back spread over time, each with all that was sent since', async () => {
    const before = await aLocalStack({ FANFARE_QUOTAS: 'none' });
    const token = await before.token('alice', { allow: { 'room:*': ['subscribe', 'history'] } });
    const tries: number[] = [];
    const transport: Transport = {
      open: (...how) => {
        tries.push(performance.now());
        return webSocket.open(...how);
      },
    };
    const got = new Map<Fanfare, unknown[]>();
    for (let n = 0; n < CLIENTS; n++) {
      const client = new Fanfare({ url: `${before.url}/ws`, token, transport });
      closing.push(() => client.close());
      got.set(client, []);
      client.channel(ROOM).subscribe(({ data }) => got.get(client)?.push(data));
      // As people come, and no faster than a server takes them.
      if (n % 50 === 49) await Promise.all([...got.keys()].map(one => one.connected()));
    }
    await until(() => [...got.keys()].every(client => client.channel(ROOM).position !== undefined), 20_000);

    tries.length = 0;
    await before.close();
    const after = await aStack({ FANFARE_PORT: new URL(before.url).port });
    const bob = await after.connect('bob', { admin: true });
    for (const data of [1, 2, 3]) await bob.request({ action: 'sendMessage', channel: ROOM, data });
    await until(() => [...got.values()].every(messages => messages.length >= 3), 40_000);

    for (const messages of got.values()) expect(messages).toEqual([1, 2, 3]);
    const buckets = new Map<number, number>();
    for (const at of tries) {
      const bucket = Math.floor(at / BUCKET_MS);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
    }
    const peak = Math.max(...buckets.values());
    const over = Math.round((tries.at(-1) ?? 0) - (tries[0] ?? 0));
    console.info(
      `${tries.length} tries of ${CLIENTS} clients over ${over} ms; at most ${peak} in ${BUCKET_MS} ms`,
    );
    expect(peak).toBeLessThan(CLIENTS * MOST_OF_THEM);
  }, 120_000);
});
