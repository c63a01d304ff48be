import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Message } from '../../src/client/index.ts';
import { Fanfare } from '../../src/client/index.ts';
import { Follower } from '../support/exact-log.ts';
import { ModelServer } from '../support/model-server.ts';
import { VirtualTime } from '../support/virtual-time.ts';

const ROOMS = ['room:a', 'room:b', 'room:c'] as const;
/** Is left and joined again. */
const CORRIDOR = 'room:corridor';
/** Longer than any ping, back-off, penalty and grace there is. */
const CALM_MS = 180_000;
const RUNS = 10_000;

const count = (max: number) => fc.integer({ min: 1, max });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constant('append'), count: count(8) }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant('send'), count: count(3) }) },
  { weight: 8, arbitrary: fc.record({ name: fc.constant('wait'), count: count(500) }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant('wait'), count: count(30_000) }) },
  ...[
    'cut',
    'cutNewest',
    'cutNewest',
    'crash',
    'forget',
    'forgetAll',
    'silence',
    'wake',
    'leave',
    'join',
    'join',
  ].map(name => ({
    weight: 1,
    arbitrary: fc.record({ name: fc.constant(name), count: fc.constant(1) }),
  })),
  { weight: 1, arbitrary: fc.record({ name: fc.constant('trim'), count: count(6) }) },
  {
    weight: 1,
    arbitrary: fc.record({ name: fc.constant('setClock'), count: fc.integer({ min: -120, max: 120 }) }),
  },
);

const script = fc.record({
  seed: fc.integer(),
  lifeMs: fc.constantFrom(60_000, 7_200_000),
  tokenMs: fc.constantFrom(45_000, 45_000, 3_600_000, Number.POSITIVE_INFINITY),
  atTokensEnd: fc.constantFrom('closes' as const, 'refuses' as const),
  getTokenFails: fc.constantFrom(0, 0, 0.3),
  losesPushes: fc.boolean(),
  fromStart: fc.boolean(),
  slowLoop: fc.boolean(),
  steps: fc.array(fc.tuple(step, fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 25 }),
});
type Script = typeof script extends fc.Arbitrary<infer Value> ? Value : never;

const NO_TOKEN = new Error('the token server is away');

/** One run: the script at the server's worst, and then calm. */
const play = async (given: Script) => {
  const time = new VirtualTime(given.seed);
  const server = new ModelServer(time, given);
  const followers: [string, Follower][] = [];
  const looped: Message[] = [];
  const sends: Promise<unknown>[] = [];
  const sent = new Map<string, number>();
  let next = 0;
  const client = new Fanfare({
    url: 'ws://model/ws',
    getToken: () => {
      if (!server.calm && time.random() < given.getTokenFails) throw NO_TOKEN;
      return server.token(given.tokenMs);
    },
    pingIntervalMs: 20_000,
    runtime: time.runtime,
    transport: server,
  });
  const errors: unknown[] = [];
  client.on('error', error => error === NO_TOKEN || errors.push(error));
  client.on('unrecoverable', gap => {
    followers.findLast(([name]) => name === gap.channel)?.[1].told.push(gap);
  });
  const join = (name: string) => {
    const since = given.fromStart ? server.log(name).position : undefined;
    followers.push([name, new Follower(client.channel(name), since)]);
  };
  const inCorridor = () => followers.findLast(([name, { ended }]) => name === CORRIDOR && !ended)?.[1];
  for (const name of ROOMS) join(name);
  join(CORRIDOR);
  const loop = async () => {
    for await (const message of client.channel(ROOMS[0]).messages({ buffer: 3 })) {
      looped.push(message);
      await new Promise<void>(resolve => time.after(time.random() * 300, resolve));
    }
  };
  const looping = given.slowLoop ? loop() : undefined;
  const times = <Result>(count: number, act: () => Result) => Array.from({ length: count }, act);

  const act: Record<string, (count: number, channel: string) => unknown> = {
    append: (count, channel) => times(count, () => server.append(channel, next++)),
    send: (count, channel) => {
      sent.set(channel, (sent.get(channel) ?? 0) + count);
      sends.push(...times(count, () => client.channel(channel).send(`sent ${next++}`)));
    },
    wait: ms => time.advance(ms),
    cut: () => server.closeAll(1006),
    cutNewest: () => server.closeNewest(1006),
    crash: () => server.closeAll(1001),
    forget: (_, channel) => server.log(channel).forget(),
    forgetAll: () => {
      server.closeAll(1006);
      for (const channel of [...ROOMS, CORRIDOR]) server.log(channel).forget();
    },
    silence: () => server.fallSilent(),
    wake: () => time.wake(),
    leave: () => inCorridor()?.end(),
    join: () => inCorridor() ?? join(CORRIDOR),
    trim: (kept, channel) => server.log(channel).trim(kept),
    setClock: minutes => time.setClock(minutes * 60_000),
  };
  for (const [{ name, count }, channel] of given.steps) {
    await act[name]?.(count, ROOMS[channel] ?? CORRIDOR);
  }
  server.calm = true;
  await time.advance(CALM_MS);
  await Promise.all(sends);
  // A push that never came, and a log that began anew in silence, are found out by the next push.
  const quiet = ROOMS.filter(room => given.losesPushes || server.log(room).epochs > 1);
  for (const channel of [...quiet, CORRIDOR]) server.append(channel, 'the last');
  await time.advance(60_000);
  client.close();
  await looping;
  return { server, followers, looped, sent, errors };
};

/** While the log lasts it has each sent message once, in the order of sending. */
const requireSentOnce = (server: ModelServer, channel: string, count: number): void => {
  const { messages, epochs } = server.log(channel);
  const sent = messages.map(({ data }) => String(data)).filter(data => data.startsWith('sent'));
  assert.equal(new Set(sent).size, sent.length, 'a message stands twice');
  if (epochs > 1) return;
  const order = sent.map(data => Number(data.slice('sent'.length)));
  assert.deepEqual(
    order,
    order.toSorted((one, other) => one - other),
  );
  assert.equal(sent.length, count);
};

describe('The client, whatever happens in whatever order', () => {
  test('hands on exactly the log: in order, nothing twice, and nothing missing that it did not tell', async () => {
    const seen = { connections: 0, forgot: 0, gaps: 0, sent: 0, expired: 0 };
    await fc.assert(
      fc.asyncProperty(script, async given => {
        const { server, followers, looped, sent, errors } = await play(given);
        for (const [channel, follower] of followers) follower.requireExact(server.log(channel));
        for (const [channel, count] of sent) requireSentOnce(server, channel, count);
        assert.deepEqual(errors, []);
        if (given.slowLoop) assert.deepEqual(looped, followers[0]?.[1].messages);
        seen.connections += server.opened;
        seen.expired += Number(server.expired > 0);
        seen.forgot += Number(ROOMS.some(room => server.log(room).epochs > 1));
        seen.gaps += Number(followers.some(([, { sawGap }]) => sawGap));
        seen.sent += sent.size;
      }),
      { numRuns: RUNS, timeout: 5_000 },
    );
    // So that the property is about something.
    assert(seen.connections > 2 * RUNS && seen.sent > RUNS / 2, JSON.stringify(seen));
    assert(
      seen.forgot > RUNS / 20 && seen.gaps > RUNS / 20 && seen.expired > RUNS / 40,
      JSON.stringify(seen),
    );
  }, 120_000);
});
