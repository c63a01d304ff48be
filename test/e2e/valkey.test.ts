import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { getContainerRuntimeClient } from 'testcontainers';
import { expect, onTestFinished, test } from 'vitest';
import { aCertificate } from '../support/certificate.ts';
import { aFreePort } from '../support/cli.ts';
import { unlessRequired, whyNoContainers } from '../support/containers.ts';
import { aStackForOneTest } from '../support/for-one-test.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { stillContainer } from '../support/still-container.ts';
import { until } from '../support/until.ts';
import { startValkey, urlOf, VALKEYS } from '../support/valkey-server.ts';
import { wholeLog } from '../support/whole-log.ts';

const unavailable = unlessRequired(await whyNoContainers());

/** Requests under way at a time. */
const AT_ONCE = 8;
/** How long the server is held still. A request that waited for it would take as long. */
const PAUSE_MS = 5_000;
/** Two calls of 50 ms each, on a machine that other tests keep busy. */
const LONGEST_ANSWER_MS = 2_500;

const aServer = async (hostPort: number) => {
  const container = await startValkey({ hostPort });
  onTestFinished(async () => void (await container.stop({ timeout: 0 })));
  return container;
};

const aStack = (url: URL, env: Readonly<Record<string, string>>): Promise<LocalStack> =>
  aStackForOneTest({ FANFARE_VALKEY_URL: url.href, ...env });

const limiterFailures = async (stack: LocalStack): Promise<number> => {
  const text = await (await stack.get('/metrics')).text();
  return Number(/^fanfare_failures_total\{where="limiter"\} (\d+)/m.exec(text)?.[1] ?? 0);
};

/** Notifications of one producer after the other, until it is told to stop. */
const producing = (stack: LocalStack) => {
  const accepted: string[] = [];
  const statuses = new Set<number>();
  let [sent, longestMs, going] = [0, 0, true];
  const produce = async (): Promise<void> => {
    while (going) {
      const [title, start] = [`k${++sent}`, performance.now()];
      const response = await stack.post('/v1/notifications', { to: ['user:alice'], title });
      await response.body?.cancel();
      longestMs = Math.max(longestMs, performance.now() - start);
      statuses.add(response.status);
      if (response.status === 202) accepted.push(title);
    }
  };
  const all = Promise.all(Array.from({ length: AT_ONCE }, produce));
  return {
    accepted,
    statuses,
    longestMs: () => longestMs,
    stop: async (): Promise<void> => {
      going = false;
      await all;
    },
  };
};

test('a Valkey that is held still, and then killed, under load, costs no request and nothing that was accepted', async context => {
  if (unavailable !== undefined) context.skip(unavailable);
  const hostPort = await aFreePort();
  const container = await aServer(hostPort);
  const engine = (await getContainerRuntimeClient()).container.getById(container.getId());
  const stack = await aStack(urlOf(container), {
    FANFARE_ADMIN_REQUESTS_PER_SECOND: '100000',
    FANFARE_RETENTION_MESSAGES: '1000000',
  });
  /** Every request asks the limiter, so that none fails of so many says that it answers. */
  const answers = async (): Promise<boolean> => {
    const before = await limiterFailures(stack);
    for (let asked = 0; asked < 5; asked++) await stack.get('/v1/channels/user:alice/messages?limit=1');
    return (await limiterFailures(stack)) === before;
  };
  expect(await answers()).toBe(true);
  const load = producing(stack);

  await until(() => load.accepted.length > 50, 20_000);
  const calm = await limiterFailures(stack);
  const goOn = await stillContainer(container);
  await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
  await goOn();
  const held = await limiterFailures(stack);
  expect(held).toBeGreaterThan(calm);
  await until(answers, 20_000);

  await engine.kill();
  await until(async () => (await limiterFailures(stack)) > held + 50, 20_000);
  await engine.start();
  await until(answers, 20_000);
  const recovered = load.accepted.length;
  await until(() => load.accepted.length > recovered + 50, 20_000);
  await load.stop();

  expect([...load.statuses]).toEqual([202]);
  expect(load.longestMs()).toBeLessThan(LONGEST_ANSWER_MS);
  const log = await wholeLog(path => stack.get(path), 'user:alice');
  expect(log.map(({ offset }) => offset)).toEqual(log.map((_, index) => index + 1));
  expect(log.map(({ notification }) => notification.title).sort()).toEqual([...load.accepted].sort());
}, 120_000);

test('a server starts where there is no Valkey, or one that it cannot trust, and says so', async () => {
  const { key, certificate } = aCertificate();
  const untrusted = createServer({ key, cert: certificate });
  await new Promise<void>(resolve => untrusted.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void untrusted.close());
  const { port } = untrusted.address() as AddressInfo;
  for (const url of ['valkey://127.0.0.1:1', `valkeys://127.0.0.1:${port}`]) {
    const stack = await aStack(new URL(url), { FANFARE_ADMIN_REQUESTS_PER_SECOND: '100' });
    const response = await stack.post('/v1/notifications', { to: ['user:alice'], title: 'Shipped' });
    expect(response.status).toBe(202);
    expect(await limiterFailures(stack)).toBe(1);
  }
});

test('what a user prefers is never told as it was before, though Valkey was away when it changed', async context => {
  if (unavailable !== undefined) context.skip(unavailable);
  const container = await aServer(await aFreePort());
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const stack = await aStack(urlOf(container), { FANFARE_DATA: folder });
  const path = '/v1/users/alice/preferences';
  const prefer = async (news: boolean): Promise<void> => {
    const response = await stack.call('alice', 'PUT', path, { categories: { news: { push: news } } });
    expect(response.status).toBe(200);
  };
  const preferred = async (): Promise<unknown> =>
    ((await (await stack.get(path)).json()) as { categories: { news: { push: boolean } } }).categories.news
      .push;
  const hits = async (): Promise<number> => {
    const text = await (await stack.get('/metrics')).text();
    const line = /^fanfare_cache_lookups_total\{cache="preferences",outcome="hit"\} (\d+)/m.exec(text);
    return Number(line?.[1] ?? 0);
  };

  await prefer(true);
  await until(async () => (await preferred()) === true && (await hits()) > 0, 10_000);
  const goOn = await stillContainer(container);
  await prefer(false);
  expect(await preferred()).toBe(false);
  await goOn();
  const before = await hits();
  // Until it is served from the cache again, and then.
  await until(async () => {
    expect(await preferred()).toBe(false);
    return (await hits()) > before;
  }, 20_000);
}, 120_000);

for (const { suffix, start } of VALKEYS)
  test(`two servers on one Valkey${suffix} hold a user to one limit`, async context => {
    if (unavailable !== undefined) context.skip(unavailable);
    const container = await start();
    onTestFinished(async () => void (await container.stop({ timeout: 0 })));
    const url = urlOf(container);
    const env = { FANFARE_REQUESTS_PER_SECOND: '1', FANFARE_REQUESTS_BURST: '5' };
    const [one, other] = [await aStack(url, env), await aStack(url, env)];
    let users = 0;
    /** A new user's, since a server that has no connection yet lets pass. */
    const statusesOf = async (): Promise<readonly number[]> => {
      const [user, statuses] = [`user-${++users}`, [] as number[]];
      const token = await one.token(user);
      for (let asked = 0; asked < 4; asked++)
        for (const stack of [one, other]) {
          const response = await stack.get(`/v1/users/${user}/inbox`, token);
          await response.body?.cancel();
          statuses.push(response.status);
        }
      return statuses;
    };
    const refused = (statuses: readonly number[]) => statuses.filter(status => status === 429).length;
    let statuses: readonly number[] = [];
    // Not of three where the eight requests take a second, in which one more token comes.
    await until(async () => {
      statuses = await statusesOf();
      return refused(statuses) >= 2;
    }, 20_000);
    expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
  }, 60_000);
