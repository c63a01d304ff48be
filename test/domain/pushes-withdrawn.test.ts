import { describe, expect, test } from 'vitest';
import { ALICE, aWorldOfPhones } from '../support/phones.ts';

const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1_000, 60_000, 3_600_000];

describe('What was read elsewhere', () => {
  test('is taken back from the phones that show it, without a sound, and the badge is right', async () => {
    const { own, tell, live, shown, phone, mark, story } = await aWorldOfPhones();
    await own();
    const message = await tell('Shipped');
    await tell('Arrived');
    await live(5 * SECOND_MS);
    expect(phone()).toMatchObject({ badge: 2, buzzes: 2 });
    await mark.execute(ALICE, [message], 'read');
    await live(SECOND_MS);
    expect(shown()).toEqual(['Arrived']);
    expect(phone()).toMatchObject({ badge: 1, buzzes: 2 });
    expect(await story(message)).toEqual(['push: allowed', 'phone delivered', 'phone withdrawn']);
  });

  test('is taken back when it was archived, and when everything was read', async () => {
    const { own, tell, live, shown, phone, mark } = await aWorldOfPhones();
    await own();
    const message = await tell('one');
    for (const title of ['two', 'three']) await tell(title);
    await live(5 * SECOND_MS);
    await mark.execute(ALICE, [message], 'archived');
    await live(SECOND_MS);
    expect([...shown()].sort()).toEqual(['three', 'two']);
    await mark.all(ALICE);
    await live(SECOND_MS);
    expect(shown()).toEqual([]);
    expect(phone().badge).toBe(0);
  });

  test('stays where it is when it is marked unread', async () => {
    const { own, tell, live, shown, mark } = await aWorldOfPhones();
    await own();
    const message = await tell('Shipped');
    await live(5 * SECOND_MS);
    await mark.execute(ALICE, [message], 'unread');
    await live(SECOND_MS);
    expect(shown()).toEqual(['Shipped']);
  });

  test('while it was on its way is taken back as soon as it has arrived', async () => {
    const world = await aWorldOfPhones({
      gateway: good => ({
        push: async (device, push) => {
          if (push.kind === 'alert') await world.mark.execute(ALICE, [push.messageId], 'read');
          return good.push(device, push);
        },
      }),
    });
    await world.own();
    await world.tell('Shipped');
    await world.live(6 * SECOND_MS);
    expect(world.phone().buzzes).toBe(1);
    expect(world.shown()).toEqual([]);
  });

  test('is not pushed again by a retry', async () => {
    const { own, tell, live, phone, phones, mark } = await aWorldOfPhones();
    const { id } = await own();
    phones.become(id, 'unreachable');
    const message = await tell('Shipped');
    await live(6 * SECOND_MS);
    await mark.execute(ALICE, [message], 'read');
    phones.become(id, 'on');
    await live(HOUR_MS, MINUTE_MS);
    expect(phone().buzzes).toBe(0);
  });
});

describe('Notifications of one collapse key', () => {
  test('replace each other on a phone, and the last is taken back when it is read', async () => {
    const { own, tell, live, shown, mark } = await aWorldOfPhones();
    await own();
    const first = await tell('Packed', { collapseKey: 'order-42' });
    await live(5 * SECOND_MS);
    const second = await tell('Shipped', { collapseKey: 'order-42' });
    await live(5 * SECOND_MS);
    expect(shown()).toEqual(['Shipped']);
    await mark.execute(ALICE, [first], 'read');
    await live(SECOND_MS);
    expect(shown()).toEqual(['Shipped']);
    await mark.execute(ALICE, [second], 'read');
    await live(SECOND_MS);
    expect(shown()).toEqual([]);
  });

  test('do not overtake: a late retry gives way to what is newer', async () => {
    const { own, tell, live, work, shown, phones, story } = await aWorldOfPhones();
    const { id } = await own();
    phones.become(id, 'unreachable');
    const first = await tell('Packed', { collapseKey: 'order-42' });
    await live(5 * SECOND_MS);
    phones.become(id, 'on');
    await tell('Shipped', { collapseKey: 'order-42', priority: 'high' });
    await work();
    await live(HOUR_MS, SECOND_MS * 10);
    expect(shown()).toEqual(['Shipped']);
    expect((await story(first)).at(-1)).toBe('drop: replaced');
  });
});
