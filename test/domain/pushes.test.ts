import { describe, expect, test } from 'vitest';
import { deviceId } from '../../src/domain/device.ts';
import type { Push } from '../../src/domain/push.ts';
import { ALICE, aWorldOfPhones } from '../support/phones.ts';

const [SECOND_MS, MINUTE_MS] = [1_000, 60_000];

describe('A phone that nobody is looking at', () => {
  test('is told once screens have had their five seconds', async () => {
    const { own, tell, live, shown, story } = await aWorldOfPhones();
    await own();
    const message = await tell('Shipped');
    await live(4 * SECOND_MS);
    expect(shown()).toEqual([]);
    await live(SECOND_MS);
    expect(shown()).toEqual(['Shipped']);
    await live(MINUTE_MS);
    expect(await story(message)).toEqual(['push: allowed', 'phone delivered']);
  });

  test('stays still when a screen has shown it', async () => {
    const { own, tell, live, phone, acknowledge, story } = await aWorldOfPhones();
    await own();
    const message = await tell('Shipped');
    await live(4 * SECOND_MS);
    await acknowledge.execute(ALICE, [message]);
    await live(MINUTE_MS);
    expect(phone().buzzes).toBe(0);
    expect(await story(message)).toEqual(['drop: seen']);
  });

  test('stays still when it was read before', async () => {
    const { own, tell, live, phone, mark, story } = await aWorldOfPhones();
    await own();
    const message = await tell('Shipped');
    await mark.execute(ALICE, [message], 'read');
    await live(MINUTE_MS);
    expect(phone().buzzes).toBe(0);
    expect(await story(message)).toEqual(['drop: seen']);
  });

  test('waits for as long as its category has it', async () => {
    const { own, tell, live, shown } = await aWorldOfPhones({
      categories: [{ name: 'chat', pushAfterMs: 30_000 }],
    });
    await own();
    await tell('Hello', { category: 'chat' });
    await live(29 * SECOND_MS);
    expect(shown()).toEqual([]);
    await live(SECOND_MS);
    expect(shown()).toEqual(['Hello']);
  });

  test('is told at once of what has high priority', async () => {
    const { own, tell, work, shown } = await aWorldOfPhones();
    await own();
    await tell('Fire', { priority: 'high' });
    await work();
    expect(shown()).toEqual(['Fire']);
  });

  test('is one of several, and all are told', async () => {
    const { own, tell, live, shown } = await aWorldOfPhones();
    for (const name of ['phone', 'tablet']) await own(name);
    await tell('Shipped');
    await live(5 * SECOND_MS);
    expect([shown('phone'), shown('tablet')]).toEqual([['Shipped'], ['Shipped']]);
  });

  test('is told of one notification once, however often its task is done', async () => {
    const { own, tell, live, phone, pushTasks } = await aWorldOfPhones();
    await own();
    const message = await tell('Shipped');
    await live(5 * SECOND_MS);
    const due = await pushTasks.claim(Number.MAX_SAFE_INTEGER, 10, 1);
    expect(due).toEqual([]);
    expect(phone()).toMatchObject({ buzzes: 1, badge: 1 });
    expect(message).toContain('user:alice');
  });

  test('is told nothing that has expired', async () => {
    const { own, tell, live, phone, clock, story } = await aWorldOfPhones();
    await own();
    const message = await tell('Lunch', { expiresAt: clock.now() + 3 * SECOND_MS });
    await live(MINUTE_MS);
    expect(phone().buzzes).toBe(0);
    expect(await story(message)).toEqual(['expired']);
  });

  test('of someone who has none, it is said so and nothing waits', async () => {
    const { tell, pushTasks, story } = await aWorldOfPhones();
    const message = await tell('Shipped');
    expect(await story(message)).toEqual(['drop: no-device']);
    expect(await pushTasks.claim(Number.MAX_SAFE_INTEGER, 10, 1)).toEqual([]);
  });

  test('that was removed meanwhile is told nothing', async () => {
    const { own, tell, live, phone, devices, story } = await aWorldOfPhones();
    const { id } = await own();
    const message = await tell('Shipped');
    await devices.remove(ALICE, id);
    await live(MINUTE_MS);
    expect(phone().buzzes).toBe(0);
    expect(await story(message)).toEqual(['drop: no-device']);
  });

  test('is not told of what was erased', async () => {
    const { own, tell, live, phone, inboxStore, story } = await aWorldOfPhones();
    await own();
    const message = await tell('Shipped');
    await inboxStore.erase(ALICE);
    await live(MINUTE_MS);
    expect(phone().buzzes).toBe(0);
    expect(await story(message)).toEqual(['drop: erased']);
  });

  test('has as its badge what is unread', async () => {
    const { own, tell, live, phone, mark } = await aWorldOfPhones();
    await own();
    const first = await tell('one');
    await tell('two');
    await live(5 * SECOND_MS);
    expect(phone().badge).toBe(2);
    await mark.execute(ALICE, [first], 'read');
    await tell('three');
    await live(5 * SECOND_MS);
    expect(phone().badge).toBe(2);
  });
});

describe('A browser', () => {
  test('is told where its category can be turned off, and a phone is not', async () => {
    const told: Push[] = [];
    const { devices, tell, work, own } = await aWorldOfPhones({
      gateway: () => ({
        push: async ({ platform }, push) => {
          if (platform === 'webpush') told.unshift(push);
          else told.push(push);
          return { status: 'delivered' };
        },
      }),
    });
    const phone = await own();
    const token = JSON.stringify({ endpoint: 'https://push.example/1' });
    await devices.register({ ...phone, id: deviceId('browser'), platform: 'webpush', token }, 2);
    await tell('Sale', { category: 'news', priority: 'high' });
    await work();
    expect(told.map(push => push.kind === 'alert' && push.unsubscribeUrl)).toEqual([
      'https://off/alice/news',
      undefined,
    ]);
  });
});
