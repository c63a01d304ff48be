import { describe, expect, test } from 'vitest';
import type { Device } from '../../src/domain/device.ts';
import type { MessageId } from '../../src/domain/ids.ts';
import { connectionId, notificationId } from '../../src/domain/ids.ts';
import { sentenceOf } from '../../src/domain/trail-sentence.ts';
import { viewTrailEntry } from '../../src/protocol/trail.ts';
import { aChannel, anIdentity } from '../support/builders.ts';
import { ALICE, aWorldOfPhones } from '../support/phones.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const timeZone = 'Europe/Zurich';

/** Alice's laptop and her phone, and what the trail says of them. */
const withLaptop = async (options: Parameters<typeof aWorldOfPhones>[0] = {}) => {
  const world = await aWorldOfPhones(options);
  const laptop = connectionId('laptop=');
  const identity = anIdentity({ expiresAt: world.clock.now() + 2 * HOUR_MS });
  await world.connect.execute({ id: laptop, identity, longestLifeMs: 2 * HOUR_MS });
  await world.own();
  /** How long after the first, and what: as somebody reads it who was not there. */
  const storyOf = async (message: MessageId): Promise<readonly string[]> => {
    const id = notificationId(message.split('.')[0] ?? '');
    const { entries } = await world.trail.find(id, { user: ALICE, limit: 100 });
    const began = entries[0]?.at ?? 0;
    return entries.map(entry => {
      const told = viewTrailEntry(entry);
      const sentence = sentenceOf(told, { user: told.user, at: told.at, timeZone });
      return `+${(entry.at - began) / SECOND_MS} s: ${sentence}`;
    });
  };
  return { ...world, laptop, storyOf };
};

const SENT = '+0 s: shop sent “Shipped” to user:alice';
const PLANNED = '+0 s: phones are due at 10:00:05 unless a screen shows it before';
const POSTED = '+0 s: posted to 1 screen of alice';

describe('The trail tells the story', () => {
  test('of a notification that a screen acknowledged', async () => {
    const { tell, live, acknowledge, storyOf } = await withLaptop();
    const message = await tell('Shipped');
    await live(2 * SECOND_MS);
    await acknowledge.execute(ALICE, [message]);
    await live(10 * SECOND_MS);
    expect(await storyOf(message)).toEqual([
      SENT,
      PLANNED,
      POSTED,
      '+2 s: a screen of alice showed it',
      '+5 s: no phone is told: it had been seen',
    ]);
  });

  test('of one that nobody was looking at, and that was read on the laptop later', async () => {
    const { tell, live, mark, storyOf, shown } = await withLaptop();
    const message = await tell('Shipped');
    await live(60 * SECOND_MS);
    expect(shown()).toEqual(['Shipped']);
    await mark.execute(ALICE, [message], 'read');
    await live(SECOND_MS);
    expect(shown()).toEqual([]);
    expect(await storyOf(message)).toEqual([
      SENT,
      PLANNED,
      POSTED,
      '+5 s: nobody had acknowledged it: 1 phone is told',
      '+5 s: an Android phone was told',
      '+60 s: alice read it',
      '+61 s: taken back from an Android phone',
    ]);
  });

  test('of one that came in quiet hours', async () => {
    const { tell, live, wish, disconnect, laptop, storyOf } = await withLaptop({
      at: '2027-03-01T23:00:00Z',
    });
    await disconnect.execute(laptop);
    await wish({ quietHours: { start: '22:00', end: '07:00', timeZone, urgentPasses: false } });
    const message = await tell('Shipped');
    await live(8 * HOUR_MS, 60 * SECOND_MS);
    expect(await storyOf(message)).toEqual([
      SENT,
      '+0 s: phones are due at 00:00:05 unless a screen shows it before',
      '+0 s: no screen of alice was connected',
      '+60 s: quiet hours until 07:00 Europe/Zurich: held',
      '+25200 s: nobody had acknowledged it: 1 phone is told',
      '+25200 s: an Android phone was told',
    ]);
  });

  test('of one that was collected into a digest', async () => {
    const { tell, live, storyOf } = await withLaptop({
      categories: [{ name: 'news', digest: { every: 'hour' } }],
    });
    const message = await tell('Shipped', { category: 'news' });
    await live(HOUR_MS, 60 * SECOND_MS);
    expect(await storyOf(message)).toEqual([
      `${SENT} (news)`,
      PLANNED,
      POSTED,
      '+60 s: collected: it waits for the digest of 11:00 Europe/Zurich',
      '+3600 s: the digest is due: 1 phone is told',
      '+3600 s: an Android phone was told',
    ]);
  });

  test('of one that its user wishes on no screen and no phone, and that is private', async () => {
    const { tell, live, wish, storyOf } = await withLaptop({
      categories: [{ name: 'health', private: true }],
    });
    await wish({ categories: { health: { screen: false, push: false } } });
    const message = await tell('Your results', { category: 'health', priority: 'high' });
    await live(SECOND_MS);
    expect(await storyOf(message)).toEqual([
      '+0 s: shop sent something private to user:alice (health, high priority)',
      '+0 s: kept from screens and inbox: alice wants none of this category there',
      '+0 s: phones are due at once',
      '+1 s: no phone is told: push is switched off',
    ]);
  });

  test('of one whose phone was out of reach, then gone', async () => {
    const outcomes = [
      { status: 'failed', cause: 'HTTP 503' },
      { status: 'dead', reason: 'UNREGISTERED' },
    ] as const;
    let pushes = 0;
    const { tell, live, storyOf, devices } = await withLaptop({
      gateway: () => ({
        push: async (_: Device) => outcomes[Math.min(pushes++, 1)] ?? { status: 'delivered' },
      }),
    });
    const message = await tell('Shipped', { priority: 'high', to: [aChannel('user:alice')] });
    await live(10 * SECOND_MS);
    const told = (await storyOf(message)).map(line => line.replace(/^\+[\d.]+ s: /, ''));
    expect(told.slice(-3)).toEqual([
      'nobody had acknowledged it: 1 phone is told',
      'an Android phone could not be told yet, and is tried again: HTTP 503',
      'an Android phone is no longer there, and was forgotten (try 2): UNREGISTERED',
    ]);
    expect(await devices.list(ALICE)).toEqual([]);
  });
});
