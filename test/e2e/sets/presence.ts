import { expect } from 'vitest';
import type { Frame } from '../../support/fanfare-socket.ts';
import type { Stack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';
import type { Chapter } from './set.ts';

const rights = { allow: { 'room:*': ['subscribe', 'presence'] } } as const;
/** Who is back by then never left; and what it takes an emulator to say so. */
const [GRACE_MS, PATIENCE_MS] = [15_000, 40_000];

/** Of a token, which ends its connection. */
const LIFE_MS = 8_000;

/** Joins as a user, on a device of its own. */
export const enter = async (stack: Stack, user: string, channel: string) => {
  const device = await stack.connect(user, rights);
  await device.request({ action: 'subscribe', channel });
  return device;
};

/** Watches who comes and who goes. */
const watch = async (stack: Stack, channel: string) => {
  const watcher = await stack.connect('watcher', rights);
  await watcher.request({ action: 'subscribe', channel: `presence:${channel}` });
  const told = () =>
    watcher.pushed(`presence:${channel}`).map(frame => {
      const { event, user, count } = frame.presence as { event: string; user: string; count: number };
      return `${user} ${event} (${count})`;
    });
  return {
    watcher,
    told,
    hears: (...expected: readonly string[]) =>
      until(() => told().length >= expected.length, PATIENCE_MS).then(() => expect(told()).toEqual(expected)),
  };
};

export const presence: Chapter = {
  title: 'Presence on a socket',
  declare: shows => {
    shows('tells who is here, who comes, and is refused without the capability', async stack => {
      const channel = 'room:here-1';
      const ann = await enter(stack, 'ann', channel);
      await until(async () => (await countOf(ann, channel)) === 1);
      await ann.request({ action: 'subscribe', channel: `presence:${channel}` });
      await enter(stack, 'ben', channel);
      const joined = (frame: Frame) => (frame.presence as { user?: string })?.user === 'ben';
      expect(await ann.first(joined)).toMatchObject({
        channel: `presence:${channel}`,
        presence: { event: 'joined', user: 'ben', count: 2 },
      });
      const list = await ann.request({ action: 'presence', channel });
      expect(list).toMatchObject({ type: 'presence', count: 2, position: { offset: 2 } });
      expect(list.users).toHaveLength(2);
      expect(list.users).toEqual(
        expect.arrayContaining([
          { user: 'ann', devices: 1 },
          { user: 'ben', devices: 1 },
        ]),
      );
      const stranger = await stack.connect('cat', { allow: { 'room:*': ['subscribe'] } });
      for (const refused of [
        { action: 'presence', channel },
        { action: 'subscribe', channel: `presence:${channel}` },
      ]) {
        expect(await stranger.request(refused)).toMatchObject({ type: 'error', code: 'forbidden' });
      }
      const elsewhere = { action: 'presence', channel: 'room:elsewhere' };
      expect(await ann.request(elsewhere)).toMatchObject({ code: 'invalid', field: 'channel' });
    });

    shows(
      'tells that somebody left when the last device has been gone for 15 s, and not of a reconnect',
      async stack => {
        const channel = 'room:here-2';
        const { hears, told } = await watch(stack, channel);
        const [phone, laptop] = [await enter(stack, 'dan', channel), await enter(stack, 'dan', channel)];
        await hears('dan joined (1)');
        const eve = await enter(stack, 'eve', channel);
        await hears('dan joined (1)', 'eve joined (2)');
        phone.kill();
        laptop.kill();
        const goneAt = Date.now();
        eve.kill();
        const back = await enter(stack, 'eve', channel);
        await hears('dan joined (1)', 'eve joined (2)', 'dan left (1)');
        expect(Date.now() - goneAt).toBeGreaterThanOrEqual(GRACE_MS);
        await back.request({ action: 'unsubscribe', channel });
        await hears('dan joined (1)', 'eve joined (2)', 'dan left (1)', 'eve left (0)');
        expect(told()).toHaveLength(4);
      },
    );

    shows('tells that somebody left whose time was over, whether or not anybody said so', async stack => {
      const channel = 'room:here-3';
      const { hears } = await watch(stack, channel);
      const brief = await stack.connect('fio', { ...rights, expiresInMs: LIFE_MS });
      await brief.request({ action: 'subscribe', channel });
      await hears('fio joined (1)');
      await hears('fio joined (1)', 'fio left (0)');
    });
  },
};

const countOf = async (socket: { request(frame: object): Promise<Frame> }, channel: string) =>
  (await socket.request({ action: 'presence', channel })).count;
