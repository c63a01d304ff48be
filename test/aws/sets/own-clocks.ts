import { expect } from 'vitest';
import { localTime, quietUntil, soon, TIME_ZONE } from '../../support/own-clocks.ts';
import type { StackWithData } from '../../support/stack-with-data.ts';
import { until } from '../../support/until.ts';
import type { OnAws } from './on-aws.ts';

/** How long a user, a phone and the first decisions take on an emulator, at the most. */
const READY_MS = 25_000;
const WAIT_MS = 20_000;
const LONGEST_MS = 180_000;

/** By real clocks, since what is deployed has no others; the rule of each minute is fired by the test. */
export const ownClocks = (onAws: OnAws, stack: () => StackWithData): void => {
  const wishing = async (user: string, preferences: object): Promise<void> => {
    const { own, call } = stack().phones;
    await own(user);
    expect((await call(user, 'PUT', '', { timeZone: TIME_ZONE })).status).toBe(200);
    expect((await call(user, 'PUT', '/preferences', preferences)).status).toBe(200);
  };

  /** What became of it as to phones, in short. */
  const storyOf = async (id: string): Promise<readonly string[]> =>
    (await stack().trail(id)).flatMap(({ kind, decision, rule, until: time, outcome }) => {
      if (kind === 'device') return [`${outcome}`];
      return kind === 'push-decided' ? [[decision, rule, time].filter(Boolean).join(' ')] : [];
    });
  const titles = async (): Promise<readonly string[]> => (await stack().alerts()).map(({ title }) => title);

  /** Has the rule fire before a time, when it is to release nothing, and once that time has come. */
  const pass = async (time: number, title: string): Promise<void> => {
    await stack().minute();
    expect(await titles()).not.toContain(title);
    expect(Date.now()).toBeLessThan(time);
    await until(() => Date.now() >= time, LONGEST_MS);
    await stack().minute();
  };

  onAws(
    'quiet hours hold a push, and release it when they end',
    async () => {
      const end = soon(READY_MS);
      await wishing('kim', { quietHours: quietUntil(end) });
      const { id } = await stack().tell('kim', 'Held', { category: 'quick' });
      const held = `hold quiet-hours ${new Date(end).toISOString()}`;
      await until(async () => (await storyOf(id)).includes(held), WAIT_MS);

      await pass(end, 'Held');

      await until(async () => (await storyOf(id)).includes('delivered'), WAIT_MS);
      expect(await storyOf(id)).toEqual([held, 'push allowed', 'delivered']);
      expect(await titles()).toContain('Held');
    },
    LONGEST_MS,
  );

  onAws(
    'a digest comes at its time, once, with what nobody has seen',
    async () => {
      const at = soon(READY_MS);
      await wishing('lee', { categories: { quick: { digest: { every: 'day', at: localTime(at) } } } });
      const told = [];
      for (const title of ['One', 'Two']) told.push(await stack().tell('lee', title, { category: 'quick' }));
      const collected = `digest digest ${new Date(at).toISOString()}`;
      for (const { id } of told) await until(async () => (await storyOf(id)).includes(collected), WAIT_MS);

      await pass(at, '2 new in quick');

      for (const { id } of told) {
        await until(async () => (await storyOf(id)).includes('delivered'), WAIT_MS);
        expect(await storyOf(id)).toEqual([collected, 'push digest', 'delivered']);
      }
      const digests = (await stack().alerts()).filter(({ title }) => title === '2 new in quick');
      expect(digests).toMatchObject([{ body: 'Two\nOne' }]);
    },
    LONGEST_MS,
  );
};
