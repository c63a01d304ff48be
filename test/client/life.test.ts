import { describe, expect, test } from 'vitest';
import { Fanfare } from '../../src/client/index.ts';
import { aModelClient } from '../support/model-client.ts';

const ROOM = 'room:talk';
const MINUTE_MS = 60_000;
/** A token that does not end. */
const LASTING = `-.${btoa('{}')}.-`;

/** Unsigned, which is all that a client looks at. */
const aJwt = (exp: number): string => `-.${btoa(JSON.stringify({ exp }))}.-`;

describe('A connection’s life', () => {
  test('of 2 hours is followed by the next and the next, without a moment between and with each message once', async () => {
    const { time, server, client, states, errors, gaps } = aModelClient();
    const got: unknown[] = [];
    client.channel(ROOM).subscribe(({ data }) => got.push(data));
    await time.advance(1_000);
    const minutes = Array.from({ length: 12 * 60 }, (_, minute) => minute);
    for (const minute of minutes) {
      server.append(ROOM, minute);
      await time.advance(MINUTE_MS);
    }
    expect(got).toEqual(minutes);
    expect(states).toEqual(['connected']);
    expect([errors, gaps]).toEqual([[], []]);
    // Each ended between 75 and 90 % of its two hours.
    expect(server.opened).toBeGreaterThanOrEqual(7);
    expect(server.opened).toBeLessThanOrEqual(9);
  });

  test('ends with its token’s, and the next is opened before with a fresh one', async () => {
    const { time, server, states } = aModelClient({ tokenMs: 10 * MINUTE_MS, atTokensEnd: 'closes' });
    await time.advance(60 * MINUTE_MS);
    expect(server.expired).toBe(0);
    expect(states).toEqual(['connected']);
    expect(server.opened).toBeGreaterThanOrEqual(7);
  });

  test.for(['closes', 'refuses'] as const)(
    'whose token ends amid what was asked (the server %s) costs no request and no subscription',
    async atTokensEnd => {
      const { time, server, client, errors, gaps } = aModelClient({ tokenMs: 10 * MINUTE_MS, atTokensEnd });
      const got: unknown[] = [];
      client.channel(ROOM).subscribe(({ data }) => got.push(data));
      await time.advance(1_000);
      // Too late for a move to the next connection: the clock was set back.
      time.setClock(-120 * MINUTE_MS);
      server.closeAll(1006);
      await time.advance(2_000);
      for (let n = 1; n <= 60; n++) {
        server.append(ROOM, n);
        const sent = client.channel(ROOM).send(`sent ${n}`);
        await time.advance(MINUTE_MS);
        await sent;
      }
      expect(server.expired).toBeGreaterThan(2);
      expect(got).toEqual(server.log(ROOM).messages.map(({ data }) => data));
      expect([errors, gaps]).toEqual([[], []]);
    },
  );

  test('ends for good with a token that stays the same, when the server says so and not when a clock does', async () => {
    const { time, server } = aModelClient();
    const ends = Math.floor(time.now() / 1e3) + 600;
    const client = new Fanfare({
      url: 'ws://model/ws',
      token: aJwt(ends),
      runtime: time.runtime,
      transport: {
        open: (url, [protocol = ''], on) => {
          const left = time.elapsed() < 600_000 ? 600_000 - time.elapsed() : -1;
          return server.open(url, [protocol, `bearer.${server.token(left)}`], on);
        },
      },
    });
    await time.advance(1_000);
    time.setClock(60 * MINUTE_MS);
    server.closeAll(1006);
    await time.advance(2_000);
    expect(client.state.name).toBe('connected');
    await time.advance(10 * MINUTE_MS);
    server.closeAll(1006);
    await time.advance(10_000);
    expect(client.state).toEqual({ name: 'closed', reason: 'token-expired' });
  });
});

describe('getToken', () => {
  test('that fails is told, and asked again after a while', async () => {
    let asked = 0;
    const { time, client, states, errors } = aModelClient({
      getToken: () => {
        if (++asked < 4) throw new Error(`no ${asked}`);
        return LASTING;
      },
    });
    await time.advance(30_000);
    expect(errors.map(String)).toEqual(['Error: no 1', 'Error: no 2', 'Error: no 3']);
    expect(states.at(-1)).toBe('connected');
    expect(client.state.name).toBe('connected');
  });

  test('that gives nothing for 30 s is asked again', async () => {
    let asked = 0;
    const { time, client, errors } = aModelClient({
      getToken: () => (++asked === 1 ? new Promise<string>(() => {}) : LASTING),
    });
    await time.advance(32_000);
    expect(errors).toHaveLength(1);
    expect(client.state.name).toBe('connected');
  });

  test('that gives null closes the client: whatever waits is refused', async () => {
    const { time, client } = aModelClient({ getToken: () => null });
    const waiting = [client.channel(ROOM).send('hello'), client.connected(), client.inbox()];
    const refused = Promise.all(
      waiting.map(one => expect(one).rejects.toMatchObject({ code: 'closed', retryable: false })),
    );
    await time.advance(1_000);
    await refused;
    expect(client.state).toEqual({ name: 'closed', reason: 'no-token' });
  });
});

describe('A client that is closed', () => {
  test('keeps nobody waiting: loops end, and the rest is refused, before it and after', async () => {
    const { time, client, errors } = aModelClient();
    const loop = async () => {
      for await (const _ of client.channel(ROOM)) throw new Error('nothing was sent');
      return 'ended';
    };
    const refused = () =>
      Promise.all(
        [client.channel(ROOM).subscribe(() => undefined).ready, client.channel(ROOM).send(1)].map(one =>
          expect(one).rejects.toMatchObject({ code: 'closed' }),
        ),
      );
    const before = [loop(), refused()];
    client.close();
    const after = [loop(), refused()];
    await time.advance(1_000);
    await Promise.all([...before, ...after]);
    expect(await before[0]).toBe('ended');
    expect(await after[0]).toBe('ended');
    expect(errors).toEqual([]);
  });

  test('leaves nothing behind that would keep a process alive, not even amid a move', async () => {
    for (let afterMs = 0; afterMs < 300; afterMs += 2) {
      const { time, server, client } = aModelClient({ lifeMs: 60_000 });
      client.channel(ROOM).subscribe(() => undefined);
      while (server.opened < 2) await time.advance(20);
      // There is always something that was asked and not answered yet.
      const talk = async () => {
        for (;;) await client.channel(ROOM).history();
      };
      const talking = talk().catch(() => undefined);
      await time.advance(afterMs);
      client.close();
      await talking;
      expect(time.awaitedByClients).toBe(0);
    }
  });

  test('its last connection is closed as soon as what it was asked has been answered', async () => {
    const { time, server } = aModelClient({ lifeMs: 20 * MINUTE_MS });
    await time.advance(18 * MINUTE_MS + 1_000);
    expect([server.opened, server.connections]).toEqual([2, 1]);
  });
});

describe('A channel that nobody takes from any more', () => {
  test('is nobody’s concern, even when an answer about it comes late', async () => {
    for (let afterMs = 0; afterMs < 400; afterMs += 10) {
      const { time, server, client, gaps } = aModelClient();
      const { ready, unsubscribe } = client.channel(ROOM).subscribe(() => undefined);
      await time.advance(1_000);
      await ready;
      server.log(ROOM).forget();
      server.append(ROOM, 'of another epoch');
      await time.advance(afterMs);
      unsubscribe();
      const before = gaps.length;
      await time.advance(5_000);
      expect(gaps).toHaveLength(before);
    }
  });
});
