import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fanfare, sharedWebSocket } from '../../src/client/index.ts';
import { Follower } from '../support/exact-log.ts';
import { ModelServer } from '../support/model-server.ts';
import type { ModelTab } from '../support/model-tabs.ts';
import { ModelSite } from '../support/model-tabs.ts';
import { VirtualTime } from '../support/virtual-time.ts';

const ROOMS = ['room:a', 'room:b'] as const;
/** Is left and joined again. */
const CORRIDOR = ROOMS[1];
const MINUTE_MS = 60_000;
const RUNS = 3_000;

interface Page {
  readonly tab: ModelTab;
  readonly client: Fanfare;
  readonly followers: (readonly [string, Follower])[];
}

const aSite = (seed = 1, lifeMs = 120 * MINUTE_MS) => {
  const time = new VirtualTime(seed);
  const server = new ModelServer(time, { lifeMs, losesPushes: false });
  const site = new ModelSite(time, server);
  const errors: unknown[] = [];
  const gaps: unknown[] = [];
  const openPage = (rooms: readonly string[] = ROOMS): Page => {
    const tab = site.openTab();
    const client = new Fanfare({
      url: 'ws://model/ws',
      getToken: () => server.token(),
      pingIntervalMs: 20_000,
      runtime: tab.runtime,
      transport: tab.transport,
    });
    client.on('error', error => errors.push(error));
    client.on('unrecoverable', gap => gaps.push(gap));
    return { tab, client, followers: rooms.map(room => [room, new Follower(client.channel(room))] as const) };
  };
  return { time, server, site, errors, gaps, openPage };
};

const inCorridor = (page: Page | undefined): Follower | undefined =>
  page?.followers.find(([room, { ended }]) => room === CORRIDOR && !ended)?.[1];

const requireExact = (server: ModelServer, { followers }: Page): void => {
  for (const [room, follower] of followers) follower.requireExact(server.log(room));
};

describe('Tabs that share', () => {
  test('have one connection, over its end, a tab’s and the leader’s', async () => {
    const { time, server, site, errors, gaps, openPage } = aSite();
    server.calm = true;
    const pages = [openPage(), openPage(), openPage(), openPage()];
    await time.advance(5_000);
    expect([server.opened, server.connections]).toEqual([1, 1]);
    let sent = 0;
    const talk = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute++) {
        for (const room of ROOMS) server.append(room, ++sent);
        await time.advance(MINUTE_MS);
      }
    };
    await talk(240);
    expect(server.connections).toBe(1);
    // As when one tab alone were open: it has moved twice.
    expect(server.opened).toBe(3);
    const leader = pages.find(({ tab }) => tab === site.leader);
    leader?.client.close();
    await talk(2);
    expect(server.connections).toBe(1);
    pages.find(({ tab }) => tab !== leader?.tab && tab !== site.leader)?.tab.kill();
    await talk(2);
    const left = pages.filter(({ tab, client }) => tab.alive && client.state.name === 'connected');
    expect(left).toHaveLength(2);
    for (const page of left) requireExact(server, page);
    expect([server.connections, errors, gaps]).toEqual([1, [], []]);
  });

  test('follow a channel until the last of them leaves it', async () => {
    const { time, server, openPage } = aSite();
    server.calm = true;
    const [one, other] = [openPage(['room:a']), openPage(['room:a', 'room:b'])];
    await time.advance(5_000);
    one.followers[0]?.[1].end();
    await time.advance(1_000);
    server.append('room:a', 'still here');
    await time.advance(1_000);
    requireExact(server, other);
    expect(server.followed).toEqual(['room:a', 'room:b']);
    other.followers[0]?.[1].end();
    await time.advance(1_000);
    expect(server.followed).toEqual(['room:b']);
    other.tab.kill();
    await time.advance(5_000);
    expect(server.followed).toEqual([]);
  });

  test('keep a channel that one of them leaves as another joins it', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { time, server, openPage } = aSite(seed);
      server.calm = true;
      const one = openPage();
      await time.advance(1_000);
      const other = openPage(['room:a']);
      await time.advance(1_000);
      expect([one, other].map(({ client }) => client.state.name)).toEqual(['connected', 'connected']);
      inCorridor(one)?.end();
      await time.advance(1);
      const joined = new Follower(other.client.channel(CORRIDOR));
      await time.advance(1_000);
      server.append(CORRIDOR, 'welcome');
      await time.advance(1_000);
      joined.requireExact(server.log(CORRIDOR));
      expect(joined.messages).toHaveLength(1);
    }
  });

  test('come away from a leader that is frozen', async () => {
    const { time, server, site, openPage } = aSite();
    server.calm = true;
    const pages = [openPage(), openPage(), openPage()];
    await time.advance(5_000);
    const frozen = site.leader;
    frozen?.freeze();
    server.append('room:a', 'said to nobody');
    await time.advance(60_000);
    const awake = pages.filter(({ tab }) => tab !== frozen);
    expect(awake).toHaveLength(2);
    for (const page of awake) requireExact(server, page);
    frozen?.thaw();
    await time.advance(60_000);
    for (const page of pages) requireExact(server, page);
    expect(server.connections).toBe(1);
  });

  test('have their own connection each where the browser cannot share', async () => {
    const time = new VirtualTime(1);
    const server = new ModelServer(time, { lifeMs: 120 * MINUTE_MS, losesPushes: false });
    server.calm = true;
    const refusing = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) };
    for (const locks of [undefined, refusing] as const) {
      const transport = sharedWebSocket({ socket: server, locks: locks as never, runtime: time.runtime });
      const client = new Fanfare({
        url: 'ws://model/ws',
        getToken: () => server.token(),
        runtime: time.runtime,
        transport,
      });
      await time.advance(5_000);
      expect(client.state.name).toBe('connected');
    }
    expect(server.connections).toBe(2);
  });

  const step = fc.oneof(
    ...[
      'open',
      'close',
      'leave',
      'leave',
      'join',
      'join',
      'kill',
      'killLeader',
      'killLeader',
      'freezeLeader',
      'thaw',
      'cut',
      'silence',
    ].map(name => ({
      weight: 1,
      arbitrary: fc.record({ name: fc.constant(name), count: fc.nat({ max: 5 }) }),
    })),
    {
      weight: 4,
      arbitrary: fc.record({ name: fc.constantFrom('append', 'append', 'send'), count: fc.nat({ max: 6 }) }),
    },
    { weight: 5, arbitrary: fc.record({ name: fc.constant('wait'), count: fc.nat({ max: 500 }) }) },
    { weight: 2, arbitrary: fc.record({ name: fc.constant('wait'), count: fc.nat({ max: 30_000 }) }) },
  );

  test('each show exactly the log, whichever of them ends in whatever way', async () => {
    const seen = { handovers: 0, pages: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.constantFrom(60_000, 120 * MINUTE_MS),
        fc.array(step, { minLength: 1, maxLength: 25 }),
        async (seed, lifeMs, steps) => {
          const { time, server, site, errors, gaps, openPage } = aSite(seed, lifeMs);
          let pages = [openPage(), openPage(['room:a'])];
          let next = 0;
          const sends: Promise<unknown>[] = [];
          const end = (page: Page | undefined, how: (page: Page) => void) => {
            if (!page) return;
            if (page.tab === site.leader) seen.handovers++;
            how(page);
            pages = pages.filter(one => one !== page);
          };
          const kill = (page: Page | undefined) => end(page, ({ tab }) => tab.kill());
          const led = () => pages.find(({ tab }) => tab === site.leader);
          const act: Record<string, (count: number) => unknown> = {
            open: () => pages.push(openPage(['room:a'])),
            close: which => end(pages[which], ({ client }) => client.close()),
            leave: which => inCorridor(pages[which])?.end(),
            join: which => {
              const page = pages[which];
              if (!page || inCorridor(page)) return;
              page.followers.push([CORRIDOR, new Follower(page.client.channel(CORRIDOR))]);
            },
            kill: which => kill(pages[which]),
            killLeader: () => kill(led()),
            freezeLeader: () => led()?.tab.freeze(),
            thaw: () => pages.forEach(({ tab }) => void tab.thaw()),
            cut: () => server.closeAll(1006),
            silence: () => server.fallSilent(),
            append: which => server.append(ROOMS[which % 2] ?? CORRIDOR, next++),
            send: which => {
              const sent = pages[which]?.client.channel('room:a').send(`sent ${next++}`);
              sends.push(Promise.resolve(sent).catch(() => undefined));
            },
            wait: ms => time.advance(ms),
          };
          for (const { name, count } of steps) await act[name]?.(count);
          server.calm = true;
          for (const { tab } of pages) tab.thaw();
          if (pages.length === 0) pages.push(openPage());
          await time.advance(180_000);
          for (const page of pages) requireExact(server, page);
          const sent = server.log('room:a').messages.map(({ data }) => data);
          assert.equal(new Set(sent).size, sent.length, 'a message stands twice');
          assert.deepEqual([errors, gaps], [[], []]);
          seen.pages += pages.length;
        },
      ),
      { numRuns: RUNS, timeout: 5_000 },
    );
    assert(seen.handovers > RUNS / 6 && seen.pages > 1.5 * RUNS, JSON.stringify(seen));
  }, 120_000);
});
