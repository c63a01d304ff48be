import { describe, expect, onTestFinished, test } from 'vitest';
import type { Transport } from '../../src/client/index.ts';
import { Fanfare, webSocket } from '../../src/client/index.ts';
import { aStackForOneTest } from '../support/for-one-test.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

const ROOM = 'room:talk';
const CLIENTS = 1_000;
const BUCKET_MS = 100;
/**
 * Full jitter plans the first tries evenly over a second, a tenth of the clients to a bucket, and later ones over more.
 * A herd without it would come in one bucket or two.
 */
const MOST_OF_THEM = 0.2;

/** The most of them within 100 ms. */
const busiest = (times: readonly number[]): number => {
  const buckets = new Map<number, number>();
  for (const at of times) {
    const bucket = Math.floor(at / BUCKET_MS);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
  }
  return Math.max(...buckets.values());
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
    const planned: number[] = [];
    const got = new Map<Fanfare, unknown[]>();
    for (let n = 0; n < CLIENTS; n++) {
      const client = new Fanfare({ url: `${before.url}/ws`, token, transport });
      onTestFinished(() => client.close());
      client.on('state', state => state.name === 'waiting' && planned.push(state.until));
      got.set(client, []);
      client.channel(ROOM).subscribe(({ data }) => got.get(client)?.push(data));
      // As people come, and no faster than a server takes them.
      if (n % 50 === 49) await Promise.all([...got.keys()].map(one => one.connected()));
    }
    await until(() => [...got.keys()].every(client => client.channel(ROOM).position !== undefined), 20_000);

    tries.length = 0;
    planned.length = 0;
    await before.close();
    const after = await aStackForOneTest({ FANFARE_QUOTAS: 'none', FANFARE_PORT: new URL(before.url).port });
    const bob = await after.connect('bob', { admin: true });
    for (const data of [1, 2, 3]) await bob.request({ action: 'sendMessage', channel: ROOM, data });
    await until(() => [...got.values()].every(messages => messages.length >= 3), 40_000);

    for (const messages of got.values()) expect(messages).toEqual([1, 2, 3]);
    const over = Math.round((tries.at(-1) ?? 0) - (tries[0] ?? 0));
    console.info(`${tries.length} tries of ${CLIENTS} clients over ${over} ms;`, {
      plannedAtMost: busiest(planned),
      triedAtMost: busiest(tries),
    });
    // What was planned is the client's; when it came about, in one process for all of them, is the machine's.
    expect(planned.length).toBeGreaterThanOrEqual(CLIENTS);
    expect(busiest(planned)).toBeLessThan(CLIENTS * MOST_OF_THEM);
  }, 120_000);
});
