import { describe, expect, test } from 'vitest';
import { ALICE, aWorldOfPhones } from '../support/phones.ts';

const [SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS] = [1_000, 60_000, 3_600_000, 86_400_000];

describe('A push as its user wishes', () => {
  test('is held in quiet hours and released at their end', async () => {
    const { own, wish, tell, live, shown, clock, story } = await aWorldOfPhones({
      at: '2027-03-01T21:59:50Z',
    });
    await own();
    await wish({ quietHours: { start: '22:00', end: '07:00', timeZone: 'UTC', urgentPasses: true } });
    const message = await tell('Shipped');
    await live(9 * HOUR_MS, MINUTE_MS);
    expect(shown()).toEqual([]);
    await live(20 * SECOND_MS);
    expect(new Date(clock.now()).toISOString()).toBe('2027-03-02T07:00:10.000Z');
    expect(shown()).toEqual(['Shipped']);
    expect(await story(message)).toEqual(['hold: quiet-hours', 'push: allowed', 'phone delivered']);
  });

  test('is held by the clocks of where the user is', async () => {
    const { own, wish, tell, live, shown, users, clock } = await aWorldOfPhones({
      at: '2027-03-01T05:00:00Z',
    });
    await own();
    await users.save(ALICE, { timeZone: 'Europe/Zurich' }, clock.now());
    await wish({ quietHours: { start: '22:00', end: '07:00', urgentPasses: true } });
    await tell('Shipped');
    await live(HOUR_MS - SECOND_MS);
    expect(shown()).toEqual([]);
    await live(SECOND_MS);
    expect(shown()).toEqual(['Shipped']);
  });

  test('is never sent of what was read in the night', async () => {
    const { own, wish, tell, live, phone, mark, story } = await aWorldOfPhones({
      at: '2027-03-01T23:00:00Z',
    });
    await own();
    await wish({ quietHours: { start: '22:00', end: '07:00', timeZone: 'UTC', urgentPasses: true } });
    const message = await tell('Shipped');
    await live(HOUR_MS, MINUTE_MS);
    await mark.execute(ALICE, [message], 'read');
    await live(12 * HOUR_MS, MINUTE_MS);
    expect(phone().buzzes).toBe(0);
    expect(await story(message)).toEqual(['hold: quiet-hours', 'drop: seen']);
  });

  test('passes quiet hours when it is urgent, unless they let nothing pass', async () => {
    const { own, wish, tell, live, shown } = await aWorldOfPhones({ at: '2027-03-01T23:00:00Z' });
    await own();
    const hours = { start: '22:00', end: '07:00', timeZone: 'UTC' } as const;
    await wish({ quietHours: { ...hours, urgentPasses: true } });
    await tell('Fire', { priority: 'high' });
    await live(SECOND_MS);
    await wish({ quietHours: { ...hours, urgentPasses: false } });
    await tell('Flood', { priority: 'high' });
    await live(HOUR_MS, MINUTE_MS);
    expect(shown()).toEqual(['Fire']);
  });

  test('is none where the category is off, or muted', async () => {
    const { own, wish, tell, live, phone, clock, story } = await aWorldOfPhones({
      categories: [{ name: 'orders' }, { name: 'news' }],
    });
    await own();
    await wish({
      categories: { news: { push: false }, orders: { muteUntil: clock.now() + HOUR_MS } },
    });
    const news = await tell('Sale', { category: 'news' });
    const order = await tell('Shipped', { category: 'orders', priority: 'high' });
    await live(MINUTE_MS);
    expect(phone().buzzes).toBe(0);
    expect([await story(news), await story(order)]).toEqual([['drop: push-off'], ['drop: muted']]);
    await live(HOUR_MS, MINUTE_MS);
    await tell('Arrived', { category: 'orders', priority: 'high' });
    await live(SECOND_MS);
    expect(phone().buzzes).toBe(1);
  });

  test('is one digest at nine where the user is, of what nobody has seen', async () => {
    const { own, wish, tell, live, phone, shown, mark, users, clock, story } = await aWorldOfPhones({
      at: '2027-03-01T10:00:00Z',
      categories: [{ name: 'news' }],
    });
    await own();
    await users.save(ALICE, { timeZone: 'Europe/Zurich' }, clock.now());
    await wish({ categories: { news: { digest: { every: 'day', at: '09:00' } } } });
    const seen = await tell('Seen', { category: 'news' });
    const second = await tell('Second', { category: 'news' });
    const third = await tell('Third', { category: 'news' });
    await tell('Of another category');
    await live(MINUTE_MS);
    await mark.execute(ALICE, [seen], 'read');
    expect(shown()).toEqual(['Of another category']);
    await live(Date.parse('2027-03-02T07:59:59Z') - clock.now(), MINUTE_MS);
    expect(shown()).toEqual(['Of another category']);
    await live(SECOND_MS);
    expect(shown()).toEqual(['2 new in news', 'Of another category']);
    expect(phone().alerts[0]?.push.notification.body).toBe('Third\nSecond');
    expect(await story(second)).toEqual(['digest: digest', 'push: digest', 'phone delivered']);
    expect(await story(seen)).toEqual(['digest: digest']);

    // Nothing of it comes a second time, and it is taken back when all of it was read.
    await live(2 * DAY_MS, HOUR_MS);
    expect(phone().buzzes).toBe(2);
    await mark.execute(ALICE, [second], 'read');
    await live(SECOND_MS);
    expect(shown()).toContain('2 new in news');
    await mark.execute(ALICE, [third], 'read');
    await live(SECOND_MS);
    expect(shown()).toEqual(['Of another category']);
  });

  test('in a digest of one is that one', async () => {
    const { own, wish, tell, live, shown } = await aWorldOfPhones();
    await own();
    await wish({ categories: { default: { digest: { every: 'hour' } } } });
    await tell('Alone');
    await live(HOUR_MS, MINUTE_MS);
    expect(shown()).toEqual(['Alone']);
  });

  test('comes by itself when its digest would, where screens show nothing of it and so nothing collects it', async () => {
    const { own, wish, tell, live, shown, story } = await aWorldOfPhones();
    await own();
    await wish({ categories: { default: { screen: false, digest: { every: 'hour' } } } });
    const message = await tell('Shipped');
    await live(59 * MINUTE_MS);
    expect(shown()).toEqual([]);
    await live(MINUTE_MS);
    expect(shown()).toEqual(['Shipped']);
    await live(2 * HOUR_MS, MINUTE_MS);
    expect(await story(message)).toEqual(['hold: digest', 'push: allowed', 'phone delivered']);
  });

  test('is no digest any more where it was turned off before it came', async () => {
    const { own, wish, tell, live, phone, story } = await aWorldOfPhones();
    await own();
    await wish({ categories: { default: { digest: { every: 'hour' } } } });
    const message = await tell('Shipped');
    await live(MINUTE_MS);
    await wish({ categories: { default: { push: false } } });
    await live(HOUR_MS, MINUTE_MS);
    expect(phone().buzzes).toBe(0);
    expect(await story(message)).toEqual(['digest: digest', 'drop: push-off']);
  });

  test('is dropped beyond the cap of its category, until the window has moved on', async () => {
    const { own, wish, tell, live, shown, story } = await aWorldOfPhones();
    await own();
    await wish({ categories: { default: { cap: { max: 2, windowMs: HOUR_MS, over: 'drop' } } } });
    const messages = [await tell('one'), await tell('two'), await tell('three')];
    await live(5 * SECOND_MS);
    expect(shown()).toHaveLength(2);
    const stories = await Promise.all(messages.map(story));
    expect(stories.filter(lines => lines.includes('drop: capped'))).toHaveLength(1);
    await live(HOUR_MS, MINUTE_MS);
    await tell('four');
    await live(5 * SECOND_MS);
    expect(shown()).toContain('four');
  });

  test('is digested beyond the cap where the cap says so, without what was pushed already', async () => {
    const { own, wish, tell, live, shown } = await aWorldOfPhones();
    await own();
    await wish({ categories: { default: { cap: { max: 1, windowMs: DAY_MS, over: 'digest' } } } });
    for (const title of ['one', 'two', 'three']) {
      await tell(title);
      await live(5 * SECOND_MS);
    }
    expect(shown()).toEqual(['one']);
    await live(HOUR_MS, MINUTE_MS);
    expect(shown()).toEqual(['2 new notifications', 'one']);
  });
});
