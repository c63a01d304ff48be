import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FanfareSocket } from '../support/fanfare-socket.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

const ROOMS = 20;
const CLIENTS_PER_ROOM = 10;
const BURST = 25;
const rights = { allow: { 'room:*': ['subscribe', 'publish'] } } as const;

let stack: LocalStack;
beforeAll(async () => {
  stack = await aLocalStack();
});
afterAll(() => stack.close());

test('200 clients in 20 rooms get every message of their room exactly once and in order, while others come and go', async () => {
  const room = (n: number): string => `room:r${n}`;
  const join = async (user: string, n: number): Promise<FanfareSocket> => {
    const socket = await stack.connect(user, rights);
    expect(await socket.request({ action: 'subscribe', channel: room(n) })).toMatchObject({
      type: 'subscribed',
    });
    return socket;
  };
  const members = await Promise.all(
    Array.from({ length: ROOMS }, (_, n) =>
      Promise.all(Array.from({ length: CLIENTS_PER_ROOM }, (_, k) => join(`u${n}-${k}`, n))),
    ),
  );
  const leavers = members.map(([, ...rest]) => rest.slice(-3));
  const stayers = members.map(([first, ...rest]) => [first, ...rest.slice(0, -3)] as FanfareSocket[]);

  // Half of the bursts come over HTTP, half from a member; three members of each room leave in the middle.
  await Promise.all(
    stayers.map(async ([first], n) => {
      for (let k = 0; k < BURST; k += 1) {
        const channel = room(n);
        if (k === 8) for (const leaver of leavers[n] ?? []) leaver.kill();
        if (k % 2 === 0) await first?.request({ action: 'sendMessage', channel, data: k });
        else
          expect((await stack.post('/v1/notifications', { to: [channel], title: String(k) })).status).toBe(
            202,
          );
      }
    }),
  );

  const expected = Array.from({ length: BURST }, (_, k) => k + 1);
  for (const [n, sockets] of stayers.entries()) {
    for (const socket of sockets) {
      await until(() => socket.pushed(room(n)).length >= BURST);
      expect(socket.pushed(room(n)).map(({ offset }) => offset)).toEqual(expected);
      expect(socket.frames.filter(({ type }) => type === 'message')).toHaveLength(BURST);
    }
  }
  const metrics = async () => (await fetch(`${stack.url}/metrics`)).text();
  const remaining = ROOMS * (CLIENTS_PER_ROOM - 3);
  await until(async () => new RegExp(`^fanfare_connections ${remaining}$`, 'm').test(await metrics()));
  expect(await metrics()).not.toMatch(/deliveries_dead_lettered_total [1-9]/);
});
