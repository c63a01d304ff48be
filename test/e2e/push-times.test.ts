import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phonesOver } from '../support/http-phones.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { localTime, quietUntil, soon, TIME_ZONE } from '../support/own-clocks.ts';
import { until } from '../support/until.ts';

const MINUTE_MS = 60_000;
const READY_MS = 15_000;
/** A push is looked for four times a second, and this machine may be busy. */
const LATE_MS = 10_000;

let stack: LocalStack;
let phones: ReturnType<typeof phonesOver>;
beforeAll(async () => {
  const many = '100000';
  stack = await aLocalStack({
    FANFARE_REQUESTS_PER_SECOND: many,
    FANFARE_REQUESTS_BURST: many,
    FANFARE_CATEGORIES: JSON.stringify({ quick: { pushAfterSeconds: 0 } }),
  });
  phones = phonesOver(stack);
});
afterAll(() => stack.close());

const wishing = async (user: string, preferences: object): Promise<void> => {
  await phones.own(user);
  expect((await phones.call(user, 'PUT', '', { timeZone: TIME_ZONE })).status).toBe(200);
  expect((await phones.call(user, 'PUT', '/preferences', preferences)).status).toBe(200);
};

const tell = async (user: string, title: string): Promise<string> => {
  const told = { to: [`user:${user}`], title, category: 'quick' };
  return ((await (await stack.post('/v1/notifications', told)).json()) as { id: string }).id;
};

/** When a user's phones came to show exactly this, in ms since 1970. */
const whenShown = async (user: string, titles: readonly string[]): Promise<number> => {
  await until(async () => JSON.stringify(await phones.shown(user)) === JSON.stringify(titles), 2 * MINUTE_MS);
  return Date.now();
};

const decisionsOn = async (id: string): Promise<readonly object[]> => {
  const { entries } = (await (await stack.get(`/v1/notifications/${id}`)).json()) as {
    entries: { kind: string }[];
  };
  return entries.filter(({ kind }) => kind === 'push-decided');
};

describe.concurrent("By a user's own clocks", { timeout: 3 * MINUTE_MS }, () => {
  test('quiet hours hold a push, and release it when they end', async () => {
    const end = soon(READY_MS);
    await wishing('ann', { quietHours: quietUntil(end) });
    const id = await tell('ann', 'Held');
    await until(async () => (await decisionsOn(id)).length === 1);
    expect(await decisionsOn(id)).toMatchObject([
      { decision: 'hold', rule: 'quiet-hours', until: new Date(end).toISOString() },
    ]);
    expect(await phones.shown('ann')).toEqual([]);
    const at = await whenShown('ann', ['Held']);
    expect(at).toBeGreaterThanOrEqual(end);
    expect(at).toBeLessThan(end + LATE_MS);
  });

  test('a digest comes at its time, once, with what nobody has seen', async () => {
    const at = soon(READY_MS);
    await wishing('ben', { categories: { quick: { digest: { every: 'day', at: localTime(at) } } } });
    const ids = [await tell('ben', 'One'), await tell('ben', 'Two')];
    await until(async () => (await Promise.all(ids.map(decisionsOn))).every(({ length }) => length === 1));
    for (const id of ids)
      expect(await decisionsOn(id)).toMatchObject([
        { decision: 'digest', until: new Date(at).toISOString() },
      ]);
    const came = await whenShown('ben', ['2 new in quick']);
    expect(came).toBeGreaterThanOrEqual(at);
    expect(came).toBeLessThan(at + LATE_MS);
    expect((await phones.look('ben'))[0]?.buzzes).toBe(1);
  });

  test('a schedule comes at its second', async () => {
    await wishing('carl', {});
    const at = Math.ceil(Date.now() / 1_000) * 1_000 + 4_000;
    const notification = { to: ['user:carl'], title: 'Planned', category: 'quick' };
    const deliverAt = new Date(at).toISOString();
    expect((await stack.post('/v1/schedules', { notification, deliverAt })).status).toBe(201);
    const came = await whenShown('carl', ['Planned']);
    expect(came).toBeGreaterThanOrEqual(at);
    expect(came).toBeLessThan(at + LATE_MS);
  });
});
