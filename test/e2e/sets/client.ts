import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { Fanfare } from '../../../src/client/index.ts';
import { aTcpProxy } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';
import type { Chapter } from './set.ts';

const CHANNEL = 'room:journey';
/** Of a token: a connection ends with it, so that the client moves on to the next before. */
const LIFE_MS = 8_000;
const [LEAST, MOST, PAUSE_MS, PATIENCE_MS] = [50, 300, 100, 30_000];
/** After which of them the wire is cut. */
const CUTS: ReadonlySet<number> = new Set([15, 16, 30]);

export const client: Chapter = {
  title: 'A client',
  declare: shows => {
    shows('has exactly the log, in order, through rotations and a wire that is cut', async stack => {
      const proxy = await aTcpProxy(stack.url);
      const allow = { 'room:*': ['subscribe', 'history'] } as const;
      const alice = new Fanfare({
        url: `${proxy.url}/ws`,
        getToken: () => stack.token('alice', { allow, expiresInMs: LIFE_MS }),
        runtime: { random: () => Math.random() / 20 },
      });
      try {
        const [got, gaps] = [[] as number[], [] as unknown[]];
        let waits = 0;
        alice.on('unrecoverable', gap => gaps.push(gap));
        alice.on('state', ({ name }) => {
          if (name === 'waiting') waits += 1;
        });
        await alice.channel(CHANNEL).subscribe(({ notification }) => got.push(Number(notification?.data)))
          .ready;
        /** From one connection to another without a wait in between. */
        let rotations = 0;
        let last = { id: (await alice.connected()).connectionId, waits };
        let sent = 0;
        while (rotations === 0 || sent < LEAST) {
          expect(sent, 'messages without a rotation').toBeLessThan(MOST);
          sent += 1;
          const { status } = await stack.post('/v1/notifications', { to: [CHANNEL], title: 'T', data: sent });
          expect(status).toBe(202);
          if (CUTS.has(sent)) proxy.cut();
          const now = { id: (await alice.connected()).connectionId, waits };
          if (now.id !== last.id && now.waits === last.waits) rotations += 1;
          last = now;
          await sleep(PAUSE_MS);
        }
        await until(() => got.length >= sent, PATIENCE_MS);
        expect(got).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
        expect(gaps).toEqual([]);
        expect(waits).toBeGreaterThan(1);
      } finally {
        alice.close();
        proxy.close();
      }
    });

    shows(
      'has a user’s own notifications and how many are unread, whichever screen reads them',
      async stack => {
        const screens = await Promise.all(
          [0, 1].map(async () => {
            const screen = new Fanfare({ url: `${stack.url}/ws`, token: await stack.token('nora') });
            const [titles, counts] = [[] as string[], [] as number[]];
            const mine = screen.notifications();
            await mine.subscribe(({ notification }) => titles.push(notification.title)).ready;
            await mine.unread(count => counts.push(count)).ready;
            return { screen, titles, counts };
          }),
        );
        try {
          for (const title of ['one', 'two'])
            await stack.post('/v1/notifications', { to: ['user:nora'], title });
          await until(
            () => screens.every(({ titles, counts }) => titles.length === 2 && counts.at(-1) === 2),
            PATIENCE_MS,
          );
          expect(screens.map(({ titles }) => titles.toSorted())).toEqual([
            ['one', 'two'],
            ['one', 'two'],
          ]);
          expect(await screens[0]?.screen.mark('read', 'all')).toEqual({ unread: 0 });
          await until(() => screens.every(({ counts }) => counts.at(-1) === 0), PATIENCE_MS);
        } finally {
          for (const { screen } of screens) screen.close();
        }
      },
    );
  },
};
