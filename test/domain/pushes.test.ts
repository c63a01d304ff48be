import { describe, expect, test } from 'vitest';
import { deviceId } from '../../src/domain/device.ts';
import type { Push, PushOutcome } from '../../src/domain/push.ts';
import { ALICE, aWorldOfPhones } from '../support/phones.ts';
import { until } from '../support/until.ts';

const [SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS] = [1_000, 60_000, 3_600_000, 86_400_000];

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
