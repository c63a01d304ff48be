import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aFirebaseToken, phonesOver } from '../support/http-phones.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

let folder: string;
let stack: LocalStack;
let phones: ReturnType<typeof phonesOver>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-injection-'));
  stack = await aLocalStack({ FANFARE_DATA: join(folder, 'data') });
  phones = phonesOver(stack);
});
afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true });
});

/** What would end a statement, a header, a line of a log, or a page. */
const HOSTILE_NAMES = ['a\r\nset-cookie: admin=1', 'a\u0000b', '\u001b[31m', '🎉'.repeat(65)] as const;

const HOSTILE = [
  "'; drop table device; --",
  '"; delete from inbox_entry where true; --',
  "') or ('1'='1",
  '\\x27 $1 $$ %s {0}',
  '<script>alert(1)</script>',
  '\u202etxt.exe',
] as const;

describe('What strangers write', () => {
  test('is kept as it was written, wherever there is a place for any text', async () => {
    for (const text of HOSTILE) {
      const token = aFirebaseToken(`phone ${HOSTILE.indexOf(text)}`);
      const made = await phones.call('ann', 'POST', '/devices', { platform: 'fcm', token, label: text });
      expect(made.status, text).toBe(201);
      const to = ['user:ann'];
      const notification = { to, title: text, body: text, collapseKey: text.slice(0, 64), priority: 'high' };
      expect((await stack.post('/v1/notifications', notification)).status, text).toBe(202);
    }
    const { devices } = (await (await phones.call('ann', 'GET', '/devices')).json()) as {
      devices: { label: string }[];
    };
    expect(devices.map(({ label }) => label)).toEqual(HOSTILE);
    const inbox = (await (await stack.get('/v1/users/ann/inbox?limit=100')).json()) as {
      entries: { notification: { title: string } }[];
    };
    expect(inbox.entries.map(({ notification }) => notification.title).reverse()).toEqual(HOSTILE);
    await until(async () => new Set(await phones.shown('ann')).size === HOSTILE.length, 15_000);
  });

  test.each([
    ['GET', "/v1/users/a'%20or%20'1'='1/devices"],
    ['GET', '/v1/users/ann/devices/%27%3B%20drop%20table%20device%3B--'],
    ['GET', '/v1/users/ann/notifications?cursor=1%27%3B--'],
    ['GET', '/v1/users?after=%27%20or%201%3D1'],
    ['GET', '/v1/notifications/%27%20or%201%3D1--'],
    ['GET', '/v1/schedules/%27%20or%201%3D1--'],
    ['GET', '/v1/users/ann/inbox?before=1%3B%20select%201'],
    ['DELETE', "/v1/users/ann/devices/x'%20or%20'1'='1"],
  ])('is answered as what is wrong or not there: %s %s', async (method, path) => {
    const authorization = `Bearer ${await stack.token('root', { admin: true })}`;
    const response = await fetch(stack.url + path, { method, headers: { authorization } });
    expect([400, 404]).toContain(response.status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  test.each(HOSTILE_NAMES)('is no name: %j', async name => {
    const device = { platform: 'fcm', token: aFirebaseToken('another'), label: name };
    const refused = await phones.call('ben', 'POST', '/devices', device);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ errors: [{ field: 'label' }] });
    const notification = { to: ['user:ben'], title: 'Shipped', collapseKey: name };
    const unkeyed = await stack.post('/v1/notifications', notification);
    expect(await unkeyed.json()).toMatchObject({ status: 400, errors: [{ field: 'collapseKey' }] });
    const profile = await phones.call('ben', 'PUT', '', { name });
    expect(await profile.json()).toMatchObject({ status: 400, errors: [{ field: 'name' }] });
  });

  test('may be any text in what people are told, without an end to it', async () => {
    const text = 'a\u0000b\r\n\u001b[31m';
    const told = { to: ['user:ben'], title: text, body: text, data: { [text]: text } };
    expect((await stack.post('/v1/notifications', told)).status).toBe(202);
    const { entries } = (await (await stack.get('/v1/users/ben/inbox')).json()) as {
      entries: { notification: object }[];
    };
    expect(entries[0]?.notification).toMatchObject({ title: text, body: text, data: { [text]: text } });
  });

  test('as a header is not echoed into one', async () => {
    const authorization = `Bearer ${await stack.token('ann')}`;
    const response = await fetch(`${stack.url}/v1/users/ann/preferences`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json', 'if-match': "' or '1'='1" },
      body: '{}',
    });
    expect([400, 412]).toContain(response.status);
    expect([...response.headers.keys()]).not.toContain('set-cookie');
    expect(
      ((await (await phones.call('ann', 'GET', '/devices')).json()) as { devices: [] }).devices,
    ).toHaveLength(HOSTILE.length);
  });
});
