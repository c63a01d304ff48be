import { describe, expect, test } from 'vitest';
import { deviceId } from '../../src/domain/device.ts';
import type { PushOutcome } from '../../src/domain/push.ts';
import { ALICE, aWorldOfPhones } from '../support/phones.ts';
import { until } from '../support/until.ts';

const [SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS] = [1_000, 60_000, 3_600_000, 86_400_000];

describe('A device that cannot be told', () => {
  test('is pruned, with the reason, when its token is dead', async () => {
    const { own, tell, live, phones, devices, logger, story } = await aWorldOfPhones();
    const { id } = await own();
    phones.become(id, 'uninstalled');
    const message = await tell('Shipped');
    await live(MINUTE_MS);
    expect(await devices.list(ALICE)).toEqual([]);
    expect(await story(message)).toEqual(['push: allowed', 'phone dead']);
    expect(logger.of('device.pruned')).toMatchObject([
      { fields: { deviceId: id, reason: 'the app was removed from the virtual phone' } },
    ]);
  });

  test('is tried again, with longer and longer waits, and told in the end', async () => {
    const { own, tell, live, phones, shown, story } = await aWorldOfPhones();
    const { id } = await own();
    phones.become(id, 'unreachable');
    const message = await tell('Shipped');
    await live(MINUTE_MS);
    expect((await story(message)).filter(line => line === 'phone retried').length).toBeGreaterThan(2);
    phones.become(id, 'on');
    await live(HOUR_MS, MINUTE_MS);
    expect(shown()).toEqual(['Shipped']);
    expect((await story(message)).at(-1)).toBe('phone delivered');
  });

  test('is given up when the notification expires, and kept with the reason', async () => {
    const { own, tell, live, phones, clock, pushTasks, story } = await aWorldOfPhones();
    const { id } = await own();
    phones.become(id, 'unreachable');
    const message = await tell('Lunch', { expiresAt: clock.now() + 10 * MINUTE_MS });
    await live(HOUR_MS, SECOND_MS * 10);
    expect((await story(message)).at(-1)).toBe('phone gave-up');
    expect(await pushTasks.deadLetters(10)).toMatchObject([
      { task: { kind: 'send', deviceId: id }, cause: 'the virtual phone is unreachable' },
    ]);
    phones.become(id, 'on');
    await live(DAY_MS, HOUR_MS);
    expect(phones.look(id).buzzes).toBe(0);
  });

  test('is not asked again before its service wants to be', async () => {
    const asked: number[] = [];
    const world = await aWorldOfPhones({
      gateway: () => ({
        push: async (): Promise<PushOutcome> => {
          asked.push(world.clock.now());
          return { status: 'failed', cause: 'too many', retryAfterMs: 20 * MINUTE_MS };
        },
      }),
    });
    await world.own();
    await world.tell('Shipped');
    await world.live(HOUR_MS, MINUTE_MS);
    expect(asked.length).toBeGreaterThan(1);
    asked.slice(1).forEach((at, index) => {
      expect(at - (asked[index] ?? 0)).toBeGreaterThanOrEqual(20 * MINUTE_MS);
    });
  });

  test('whose push is refused for good is given up at once, and stays registered', async () => {
    const { own, tell, live, devices, pushTasks, story } = await aWorldOfPhones({
      gateway: () => ({ push: async () => ({ status: 'refused', cause: '5,000 bytes' }) }),
    });
    await own();
    const message = await tell('Shipped');
    await live(MINUTE_MS);
    expect(await story(message)).toEqual(['push: allowed', 'phone refused']);
    expect(await pushTasks.deadLetters(10)).toMatchObject([{ cause: '5,000 bytes' }]);
    expect(await devices.list(ALICE)).toHaveLength(1);
  });

  test('holds none of its neighbours, even when its service never answers', async () => {
    const { own, tell, clock, runPushes, shown } = await aWorldOfPhones({
      gateway: good => ({
        push: (device, push) =>
          device.id === deviceId('stuck') ? new Promise<never>(() => {}) : good.push(device, push),
      }),
    });
    await own('stuck');
    await own('phone');
    for (const title of ['one', 'two']) await tell(title);
    await clock.advance(5 * SECOND_MS);
    await until(async () => {
      await runPushes.execute();
      return shown().length === 2;
    });
  });

  test('can be told again after what was given up is redriven', async () => {
    let refuse = true;
    const world = await aWorldOfPhones({
      gateway: good => ({
        push: async (device, push) =>
          refuse ? { status: 'refused', cause: 'bad credentials' } : good.push(device, push),
      }),
    });
    await world.own();
    await world.tell('Shipped');
    await world.live(MINUTE_MS);
    refuse = false;
    expect(await world.pushTasks.redrive(10, world.clock.now())).toBe(1);
    await world.live(SECOND_MS);
    expect(world.shown()).toEqual(['Shipped']);
  });
});
