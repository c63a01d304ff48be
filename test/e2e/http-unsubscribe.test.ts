import { OpenAPIHono } from '@hono/zod-openapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HttpEnv } from '../../src/adapters/http/env.ts';
import { problemHandler } from '../../src/adapters/http/problems.ts';
import { unsubscribeRoutes } from '../../src/adapters/http/routes/unsubscribe.ts';
import { MemoryRateLimiter } from '../../src/adapters/local/memory-rate-limiter.ts';
import { SignedUnsubscribeLinks } from '../../src/adapters/system/signed-unsubscribe-links.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { FanfareError } from '../../src/domain/errors.ts';
import { userId } from '../../src/domain/ids.ts';
import { TurnPushOff } from '../../src/domain/use-cases/turn-push-off.ts';
import { RecordingLogger, RecordingMetrics } from '../support/fakes.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { SECRET } from '../support/stack.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await aLocalStack();
});
afterAll(() => stack.close());

const secret = async () => SECRET;

/** The link that a push to this server's user would carry. */
const linkOf = async (user: string, category = 'orders'): Promise<string> => {
  const clock = new SystemClock();
  const links = new SignedUnsubscribeLinks({ secret, publicUrl: new URL(stack.url), clock });
  return (await links.unsubscribeUrl(userId(user), category)) ?? '';
};

const oneClick = (link: string, body = 'List-Unsubscribe=One-Click'): Promise<Response> =>
  fetch(link, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });

const preferencesOf = async (user: string): Promise<unknown> =>
  (await stack.get(`/v1/users/${user}/preferences`)).json();

describe('A link that unsubscribes', () => {
  test('is followed without a token, and turns off the pushes of its category alone', async () => {
    const path = '/v1/users/alice/preferences';
    const wishes = {
      quietHours: { start: '22:00', end: '07:00', urgentPasses: false },
      categories: { orders: { screen: false }, news: { push: true } },
    };
    await stack.call('alice', 'PUT', path, wishes);
    for (const _ of ['once', 'again']) {
      const response = await oneClick(await linkOf('alice'));
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('no more push notifications of <b>orders</b>');
    }
    const since = { ...wishes, categories: { ...wishes.categories, orders: { screen: false, push: false } } };
    expect(await preferencesOf('alice')).toEqual(since);
  });

  test('works for someone who never said anything', async () => {
    expect((await oneClick(await linkOf('bob', 'toString'))).status).toBe(200);
    expect(await preferencesOf('bob')).toEqual({ categories: { toString: { push: false } } });
  });

  test('is shown as a page that asks first, and that tells nobody where it was', async () => {
    const page = await fetch(await linkOf('carol'));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<button name="List-Unsubscribe" value="One-Click">');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await preferencesOf('carol')).toEqual({ categories: {} });
  });

  test('that was changed does nothing', async () => {
    const changed = (await linkOf('dave')).replace(/.{4}$/, 'AAAA');
    for (const response of [await fetch(changed), await oneClick(changed)]) {
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('no good any more');
    }
    expect(await preferencesOf('dave')).toEqual({ categories: {} });
  });

  test('takes nothing but the one click', async () => {
    expect((await oneClick(await linkOf('erin'), 'List-Unsubscribe=Maybe')).status).toBe(400);
    expect((await oneClick(await linkOf('erin'), 'x=y')).status).toBe(400);
    expect((await oneClick(await linkOf('erin'), `x=${'y'.repeat(2_000)}`)).status).toBe(413);
    expect(await preferencesOf('erin')).toEqual({ categories: {} });
    expect((await fetch(`${stack.url}/v1/unsubscribe`)).status).toBe(401);
    expect((await fetch(await linkOf('erin'), { method: 'DELETE' })).status).toBe(401);
  });

  test('cannot be used without end', async () => {
    const link = await linkOf('grace');
    const answers = await Promise.all(Array.from({ length: 30 }, () => oneClick(link)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter(status => status === 200).length).toBeGreaterThanOrEqual(1);
    expect(statuses).toContain(429);
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1');
  });

  test('is not in the log when it fails', async () => {
    const [logger, link] = [new RecordingLogger(), await linkOf('frank')];
    const app = new OpenAPIHono<HttpEnv>();
    app.onError(problemHandler({ logger, metrics: new RecordingMetrics() }));
    const failing = async () => {
      throw new FanfareError('unavailable', 'the database is away');
    };
    const clock = new SystemClock();
    unsubscribeRoutes(app, {
      unsubscribeLinks: new SignedUnsubscribeLinks({ secret, publicUrl: undefined, clock }),
      limiter: new MemoryRateLimiter({ clock }),
      turnPushOff: new TurnPushOff({ preferences: { find: failing, save: failing, erase: failing } }),
    });
    const response = await app.request(new URL(link).pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect(response.status).toBe(503);
    expect(logger.of('http.failed')).toMatchObject([{ fields: { path: '/v1/unsubscribe/{token}' } }]);
    expect(JSON.stringify(logger.lines)).not.toContain(new URL(link).pathname.split('/').at(-1));
    expect(await response.text()).not.toContain(new URL(link).pathname.split('/').at(-1));
  });
});
