import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';

let stack: LocalStack;
beforeAll(async () => {
  const many = '100000';
  stack = await aLocalStack({ FANFARE_REQUESTS_PER_SECOND: many, FANFARE_REQUESTS_BURST: many });
});
afterAll(() => stack.close());

/** What an export has, by kind. */
const exportOf = async (user: string) => {
  const response = await stack.get(`/v1/users/${user}/export`);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const lines = (await response.text()).trimEnd().split('\n');
  const parsed = lines.map(line => JSON.parse(line) as Record<string, { title?: string } & object>);
  expect(parsed.pop()).toEqual({ complete: true });
  return (kind: string) => parsed.flatMap(line => (line[kind] === undefined ? [] : [line[kind]]));
};

const NUMBERS = Array.from({ length: 120 }, (_, index) => index + 1);

/** Everything that can be kept of a person, over more than one page. */
const fill = async (user: string): Promise<void> => {
  const notification = { to: [`user:${user}`], title: 'Shipped' };
  for (const _ of NUMBERS) await stack.post('/v1/notifications', notification);
  const authorization = `Bearer ${await stack.token(user)}`;
  const planned = { notification, cron: '0 9 * * *' };
  for (const _ of NUMBERS) await stack.post('/v1/schedules', planned, { authorization });
  const device = { platform: 'apns', token: Buffer.from(user.padEnd(32)).toString('hex') };
  await stack.post(`/v1/users/${user}/devices`, device, { authorization });
  await stack.call(user, 'PUT', `/v1/users/${user}`, { name: 'Somebody' });
  await stack.call(user, 'PUT', `/v1/users/${user}/preferences`, { muteUntil: '2030-01-01T00:00:00Z' });
  const screen = await stack.connect(user);
  const { entries } = (await screen.request({ action: 'inbox', limit: 1 })) as unknown as {
    entries: [{ messageId: string }];
  };
  await screen.request({ action: 'mark', as: 'archived', messageIds: [entries[0].messageId] });
};

describe('What is kept of a person', () => {
  test('is exported whole: profile, preferences, messages, inbox with the archived, devices, schedules, trail', async () => {
    await fill('erin');
    const kept = await exportOf('erin');
    // The mark is a message of its own.
    expect(kept('message').map(message => (message as { offset: number }).offset)).toEqual([...NUMBERS, 121]);
    expect(kept('inbox')).toHaveLength(120);
    expect(kept('inbox').filter(entry => (entry as { archived: boolean }).archived)).toHaveLength(1);
    expect(kept('schedule')).toHaveLength(120);
    expect(kept('device')).toMatchObject([{ platform: 'apns' }]);
    expect(kept('trail').filter(entry => (entry as { kind: string }).kind === 'received')).toHaveLength(120);
    expect(kept('user')).toMatchObject([{ id: 'erin', name: 'Somebody' }]);
    expect(kept('preferences')).toEqual([{ muteUntil: '2030-01-01T00:00:00.000Z', categories: {} }]);
    expect((await exportOf('nobody'))('message')).toEqual([]);
  });

  test('is erased whole, and nothing of others', async () => {
    await fill('frank');
    await stack.post('/v1/notifications', { to: ['user:grace'], title: 'Stays' });
    expect((await stack.call('frank', 'DELETE', '/v1/users/frank')).status).toBe(204);
    const kept = await exportOf('frank');
    const kinds = ['user', 'preferences', 'message', 'inbox', 'device', 'schedule', 'trail'];
    expect(kinds.flatMap(kind => kept(kind))).toEqual([]);
    expect((await exportOf('grace'))('inbox')).toHaveLength(1);
    await stack.post('/v1/notifications', { to: ['user:frank'], title: 'Anew' });
    expect((await exportOf('frank'))('message')).toMatchObject([{ offset: 1 }]);
  });

  test.each([
    ['DELETE', '/v1/users/grace'],
    ['GET', '/v1/users/grace/export'],
  ])("is the person's own, and an admin's: %s", async (method, path) => {
    expect((await stack.call('mallory', method, path)).status).toBe(403);
    expect((await stack.call('mallory', method, '/v1/users/not%20a%20name')).status).toBeGreaterThanOrEqual(
      400,
    );
  });
});
