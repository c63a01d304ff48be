import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Message, Position, Unrecoverable } from '../../src/client/index.ts';
import { Fanfare } from '../../src/client/index.ts';
import { ModelServer } from '../support/model-server.ts';
import { VirtualTime } from '../support/virtual-time.ts';

const ROOM = 'room:talk';
/** Longer than any ping, back-off and grace there is. */
const CALM_MS = 120_000;
const RUNS = 10_000;

const count = (max: number) => fc.integer({ min: 1, max });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constant('append'), count: count(8) }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant('send'), count: count(3) }) },
  { weight: 8, arbitrary: fc.record({ name: fc.constant('wait'), count: count(500) }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('wait'), count: count(30_000) }) },
  ...['cut', 'crash', 'forget', 'silence', 'wake'].map(name => ({
    weight: 1,
    arbitrary: fc.record({ name: fc.constant(name), count: fc.constant(1) }),
  })),
  { weight: 1, arbitrary: fc.record({ name: fc.constant('trim'), count: count(6) }) },
);

const script = fc.record({
  seed: fc.integer(),
  lifeMs: fc.constantFrom(60_000, 7_200_000),
  losesPushes: fc.boolean(),
  fromStart: fc.boolean(),
  slowLoop: fc.boolean(),
  steps: fc.array(step, { minLength: 1, maxLength: 25 }),
});
type Script = typeof script extends fc.Arbitrary<infer Value> ? Value : never;

type Told = Message | Unrecoverable;
const isGap = (told: Told): told is Unrecoverable => 'reason' in told;

/** One run: the script at the server's worst, and then calm. */
const play = async ({ seed, lifeMs, losesPushes, fromStart, slowLoop, steps }: Script) => {
  const time = new VirtualTime(seed);
  const server = new ModelServer(time, { channel: ROOM, lifeMs, losesPushes });
  const told: Told[] = [];
  const looped: Message[] = [];
  const sends: Promise<unknown>[] = [];
  let next = 0;
  const client = new Fanfare({
    url: 'ws://model/ws',
    getToken: () => 'token',
    pingIntervalMs: 20_000,
    runtime: {
      now: () => time.now(),
      after: (ms, callback) => time.after(ms, callback),
      random: () => time.random(),
      onWake: callback => time.onWake(callback),
    },
    transport: server,
  });
  const errors: unknown[] = [];
  client.on('error', error => errors.push(error));
  client.on('unrecoverable', gap => told.push(gap));
  const since = fromStart ? server.position : undefined;
  const room = client.channel(ROOM);
  let start: Position | undefined = since;
  void room
    .subscribe(message => told.push(message), { since })
    .ready.then(position => {
      start ??= position;
    });
  const loop = async () => {
    for await (const message of room.messages({ buffer: 3 })) {
      looped.push(message);
      await new Promise<void>(resolve => time.after(time.random() * 300, resolve));
    }
  };
  const looping = slowLoop ? loop() : undefined;

  const act: Record<string, (count: number) => unknown> = {
    append: times => Array.from({ length: times }, () => server.append(next++)),
    send: times => sends.push(...Array.from({ length: times }, () => room.send(`sent ${next++}`))),
    wait: ms => time.advance(ms),
    cut: () => server.closeAll(1006),
    crash: () => server.closeAll(1001),
    forget: () => server.forget(),
    silence: () => server.fallSilent(),
    wake: () => time.wake(),
    trim: kept => server.trim(kept),
  };
  for (const { name, count: times } of steps) await act[name]?.(times);
  server.calm = true;
  await time.advance(CALM_MS);
  const receipts = await Promise.all(sends);
  // A push that never came is found missing by the next one.
  if (losesPushes) server.append('the last');
  await time.advance(10_000);
  client.close();
  await looping;
  return { server, told, looped, receipts, errors, start };
};

/** Each place of the log once, in order, up to its end; and what was not had was said to be lost, and is. */
const requireExactLog = (server: ModelServer, told: readonly Told[], start: Position | undefined): void => {
  assert(start, 'never subscribed');
  let place = start;
  for (const one of told) {
    if (isGap(one)) {
      assert.deepEqual(one.from, place);
      if (one.reason === 'trimmed') {
        assert.equal(one.to.epoch, place.epoch);
        assert(one.to.offset > place.offset && server.at(one.to).trimmed, 'told lost what is kept');
      } else {
        assert.equal(one.reason, 'epoch');
        assert.notEqual(one.to.epoch, place.epoch);
        assert.equal(one.to.offset, 0);
      }
      place = one.to;
    } else {
      const { epoch, offset } = one;
      assert.deepEqual({ epoch, offset }, { epoch: place.epoch, offset: place.offset + 1 });
      assert.equal(one.data, server.at(one).message?.data);
      place = { epoch, offset };
    }
  }
  assert.deepEqual(place, server.position);
};

/** While the log lasts it has each sent message once, in the order of sending. */
const requireSentOnce = (server: ModelServer, count: number): void => {
  const sent = server.log.map(({ data }) => String(data)).filter(data => data.startsWith('sent'));
  assert.equal(new Set(sent).size, sent.length, 'a message stands twice');
  if (server.epochs > 1) return;
  const order = sent.map(data => Number(data.slice('sent'.length)));
  assert.deepEqual(
    order,
    order.toSorted((one, other) => one - other),
  );
  assert.equal(sent.length, count);
};

describe('The client, whatever happens in whatever order', () => {
  test('hands on exactly the log: in order, nothing twice, and nothing missing that it did not tell', async () => {
    const seen = { connections: 0, forgot: 0, gaps: 0, sent: 0 };
    await fc.assert(
      fc.asyncProperty(script, async given => {
        const { server, told, looped, receipts, errors, start } = await play(given);
        requireExactLog(server, told, start);
        requireSentOnce(server, receipts.length);
        assert.deepEqual(errors, []);
        if (given.slowLoop)
          assert.deepEqual(
            looped,
            told.filter(one => !isGap(one)),
          );
        seen.connections += server.opened;
        seen.forgot += Number(server.epochs > 1);
        seen.gaps += Number(told.some(isGap));
        seen.sent += receipts.length;
      }),
      { numRuns: RUNS },
    );
    // So that the property is about something.
    assert(seen.connections > 2 * RUNS && seen.sent > RUNS / 2);
    assert(seen.forgot > RUNS / 20 && seen.gaps > RUNS / 20);
  });
});
