import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await aLocalStack();
});
afterAll(() => stack.close());

interface Schedule {
  readonly id: string;
  readonly state: string;
  readonly nextRunAt?: string;
}

const notification = { to: ['user:alice'], title: 'Shipped' };
const WEEK_MS = 7 * 86_400_000;
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

const call = (method: string, path: string, as?: string): Promise<Response> =>
  stack.ask(method, path, as === undefined ? {} : { as });

const make = async (body: object): Promise<Schedule> => {
  const response = await stack.post('/v1/schedules', { notification, ...body });
  expect(response.status).toBe(201);
  const schedule = (await response.json()) as Schedule;
  expect(response.headers.get('location')).toBe(`/v1/schedules/${schedule.id}`);
  return schedule;
};

describe('Schedules over HTTP', () => {
  test('what is for a time arrives then, on an open screen, and the schedule is gone', async () => {
    const screen = await stack.connect('alice');
    const deliverAt = inMs(600);
    const { id, nextRunAt } = await make({ deliverAt });
    expect(nextRunAt).toBe(deliverAt);
    const pushed = await screen.first(frame => frame.type === 'message');
    expect(pushed).toMatchObject({ from: 'shop', notification: { title: 'Shipped' } });
    expect(Date.parse(pushed.sentAt as string)).toBeGreaterThanOrEqual(Date.parse(deliverAt));
    await expect.poll(async () => (await call('GET', `/v1/schedules/${id}`)).status).toBe(404);
  });

  test('a recurring one tells its next run, and is paused, resumed and cancelled', async () => {
    const made = await make({ cron: '30 8 * * MON', timeZone: 'Europe/Berlin', missedRuns: 'skip' });
    expect(made).toMatchObject({ cron: '30 8 * * MON', timeZone: 'Europe/Berlin', state: 'active' });
    expect(new Date(made.nextRunAt ?? 0).getUTCDay()).toBe(1);
    const path = `/v1/schedules/${made.id}`;
    const paused = (await (await call('POST', `${path}/pause`)).json()) as Schedule;
    expect(paused.state).toBe('paused');
    expect(paused).not.toHaveProperty('nextRunAt');
    expect(await (await call('GET', path)).json()).toEqual(paused);
    expect(await (await call('POST', `${path}/resume`)).json()).toEqual(made);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('DELETE', path)).status).toBe(404);
  });

  test('one tells its next runs, as many as are asked for', async () => {
    const { id, nextRunAt } = await make({ cron: '30 8 * * MON' });
    const runsOf = async (query: string) => {
      const response = await call('GET', `/v1/schedules/${id}${query}`);
      return ((await response.json()) as { nextRuns?: readonly string[] }).nextRuns;
    };
    expect(await runsOf('')).toBeUndefined();
    const runs = (await runsOf('?runs=3')) ?? [];
    expect(runs[0]).toBe(nextRunAt);
    expect(runs.map(run => Date.parse(run) - Date.parse(runs[0] ?? ''))).toEqual([0, WEEK_MS, 2 * WEEK_MS]);
    expect((await call('GET', `/v1/schedules/${id}?runs=21`)).status).toBe(400);
  });

  test('one goes by the clocks of its users', async () => {
    await stack.call('tomoko', 'PUT', '/v1/users/tomoko', { timeZone: 'Asia/Tokyo' });
    const forTomoko = { ...notification, to: ['user:tomoko'] };
    const made = await make({ notification: forTomoko, cron: '0 9 * * *', timeZone: 'user' });
    expect(made).toMatchObject({ timeZone: 'user' });
    expect(made.nextRunAt).toMatch(/T00:00:00/);
    const forTopic = {
      notification: { ...notification, to: ['topic:x'] },
      cron: '0 9 * * *',
      timeZone: 'user',
    };
    const refused = await stack.post('/v1/schedules', forTopic);
    expect(await refused.json()).toMatchObject({ status: 400, errors: [{ field: 'notification.to[0]' }] });
  });

  test('they are listed by pages, to each their own', async () => {
    const token = await stack.token('carol');
    const own = { notification: { to: ['user:carol'], title: 'Note' }, deliverAt: inMs(3_600_000) };
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) {
      const headers = { authorization: `Bearer ${token}` };
      ids.push(((await (await stack.post('/v1/schedules', own, headers)).json()) as Schedule).id);
    }
    interface Page {
      readonly schedules: readonly Schedule[];
      readonly next?: string;
    }
    const first = (await (await call('GET', '/v1/schedules?limit=2', 'carol')).json()) as Page;
    const second = (await (
      await call('GET', `/v1/schedules?limit=2&after=${first.next}`, 'carol')
    ).json()) as Page;
    expect([...first.schedules, ...second.schedules].map(({ id }) => id)).toEqual([...ids].sort());
    expect(second).not.toHaveProperty('next');
    const foreign = await call('GET', `/v1/schedules/${ids[0]}`, 'dave');
    expect(foreign.status).toBe(404);
  });

  test.each([
    ['deliverAt', {}],
    ['deliverAt', { deliverAt: '2030-01-01T00:00:00Z', cron: '0 9 * * *' }],
    ['deliverAt', { deliverAt: 'tomorrow' }],
    ['deliverAt', { deliverAt: '2020-01-01T00:00:00Z' }],
    ['timeZone', { deliverAt: '2030-01-01T00:00:00Z', timeZone: 'UTC' }],
    ['timeZone', { cron: '0 9 * * *', timeZone: 'Mars/Olympus' }],
    ['cron', { cron: '61 9 * * *' }],
    ['cron', { cron: '0 0 30 2 *' }],
    ['missedRuns', { cron: '0 9 * * *', missedRuns: 'all' }],
    ['notification.title', { cron: '0 9 * * *', notification: { to: ['user:alice'] } }],
    [
      'notification.expiresAt',
      { cron: '0 9 * * *', notification: { ...notification, expiresAt: inMs(1_000) } },
    ],
    ['surprise', { cron: '0 9 * * *', surprise: 1 }],
  ])('what is wrong is told by its field, %s', async (field, body) => {
    const response = await stack.post('/v1/schedules', { notification, ...body });
    expect(response.status).toBe(400);
    const { errors, detail } = (await response.json()) as { errors?: { field: string }[]; detail: string };
    expect(errors?.map(error => error.field) ?? [detail]).toContain(field);
  });
});
