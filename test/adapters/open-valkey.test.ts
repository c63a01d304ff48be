import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ACCESS } from '../../infra/valkey.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { openValkey, whenReady } from '../../src/adapters/valkey/open-valkey.ts';
import { ValkeyCache } from '../../src/adapters/valkey/valkey-cache.ts';
import { ValkeyRateLimiter } from '../../src/adapters/valkey/valkey-rate-limiter.ts';
import { aCertificate } from '../support/certificate.ts';
import { unlessRequired, whyNoContainers } from '../support/containers.ts';
import { RecordingLogger, SequentialIds } from '../support/fakes.ts';
import { aTcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { startValkey, startValkeyCluster, urlOf } from '../support/valkey-server.ts';

const unavailable = unlessRequired(await whyNoContainers());

/** A client that ends with the test, and what it has logged. */
const opened = (url: URL, options: { readonly ca?: string; readonly budgetMs?: number } = {}) => {
  const logger = new RecordingLogger();
  const client = openValkey({ url, ids: new SequentialIds(), logger, ...options });
  onTestFinished(() => client.disconnect());
  return { client, logger };
};

const causes = (logger: RecordingLogger): readonly unknown[] =>
  logger.of('valkey.lost').map(({ fields }) => fields.cause);

const started = (...options: Parameters<typeof startValkey>) => stopped(startValkey(...options));

const stopped = async (starting: ReturnType<typeof startValkey>) => {
  const container = await starting;
  onTestFinished(async () => {
    await container.stop({ timeout: 0 });
  });
  return container;
};

/** At 127.0.0.1, wherever the engine puts its ports. */
const proxied = async (container: Awaited<ReturnType<typeof startValkey>>) => {
  const proxy = await aTcpProxy(urlOf(container).href);
  onTestFinished(proxy.close);
  return proxy;
};

/** As docs/valkey.md gives them; ElastiCache's user has others. */
const RIGHTS = '~fanfare/* +get +set +del +eval +evalsha +info +select +client|setname +ping';

const SECURED = `port 0
tls-port 6379
tls-auth-clients no
tls-cert-file /tls/certificate.pem
tls-key-file /tls/key.pem
user fanfare on >a/s3cret%word ${RIGHTS}
user deployed ${ACCESS} >a/s3cret%word
user default off
`;

test('where nobody listens, what is asked fails at once, and the cause is logged once', async () => {
  const { client, logger } = opened(new URL('valkey://user:s3cret-word@127.0.0.1:1'));
  await expect(client.get('key')).rejects.toThrow();
  await until(() => causes(logger).length > 0);
  let attempts = 0;
  client.on('reconnecting', () => attempts++);
  await until(() => attempts > 1);
  expect(causes(logger)).toHaveLength(1);
  expect(JSON.stringify(logger.lines)).not.toContain('s3cret-word');
});

test('a server that accepts and says nothing is no server: nothing is asked of it, and it is tried again', async () => {
  let connections = 0;
  const server = createServer(() => connections++);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { client } = opened(new URL(`valkey://127.0.0.1:${(server.address() as AddressInfo).port}`));
  await whenReady(client, 20);
  await expect(client.get('key')).rejects.toThrow();
  await until(() => connections > 1);
});

test('a connection that falls silent costs each call its budget and no more, and is made anew', async context => {
  if (unavailable !== undefined) context.skip(unavailable);
  const container = await started();
  const proxy = await proxied(container);
  const { client, logger } = opened(new URL(proxy.url.replace('http:', 'valkey:')));
  await whenReady(client, 10_000);
  proxy.fallSilent();
  await expect(client.get('key')).rejects.toThrow(/timed out/);
  await until(() => logger.of('valkey.ready').length === 2);
  expect(await client.set('key', 'value')).toBe('OK');
});

test('nothing is kept in another database than the one of the URL, if the server has none of that number', async context => {
  if (unavailable !== undefined) context.skip(unavailable);
  const [alone, cluster] = await Promise.all([started(), stopped(startValkeyCluster())]);
  for (const [container, database, cause] of [
    [alone, '/99', /DB index is out of range/],
    [cluster, '/1', /SELECT is not allowed in cluster mode/],
  ] as const) {
    const { client, logger } = opened(new URL(database, urlOf(container)));
    await until(() => client.status === 'end');
    await expect(client.set('key', 'value')).rejects.toThrow();
    expect(causes(logger)).toEqual([expect.stringMatching(cause)]);
    expect(logger.of('valkey.ready')).toEqual([]);
    const first = opened(urlOf(container));
    await whenReady(first.client, 10_000);
    expect(await first.client.get('key')).toBeNull();
  }
});

test('of a server with TLS and a password, only who trusts it and knows the password gets an answer', async context => {
  if (unavailable !== undefined) context.skip(unavailable);
  const { key, certificate } = aCertificate({ names: ['valkey.test'], addresses: ['127.0.0.1'] });
  const mode = 0o644;
  const container = await started({
    files: [
      { content: key, target: '/tls/key.pem', mode },
      { content: certificate, target: '/tls/certificate.pem', mode },
      { content: SECURED, target: '/tls/server.conf', mode },
    ],
    command: ['valkey-server', '/tls/server.conf'],
  });
  const url = new URL((await proxied(container)).url.replace('http:', 'valkeys:'));
  const [login, wrong] = [new URL(url), new URL(url)];
  login.username = wrong.username = 'fanfare';
  login.password = encodeURIComponent('a/s3cret%word');
  wrong.password = 'an0ther-word';

  const patience = { budgetMs: 10_000 };
  for (const username of ['fanfare', 'deployed']) {
    const { client } = opened(Object.assign(new URL(login), { username }), { ...patience, ca: certificate });
    await once(client, 'ready');
    const limiter = new ValkeyRateLimiter({ client, clock: new ManualClock(), namespace: username });
    expect(await limiter.take('key', { perSecond: 1, burst: 3 })).toEqual({ allowed: true, remaining: 2 });
    const cache = new ValkeyCache({ client, namespace: 'cache', parse: kept => kept });
    await cache.set('key', 'value', 60_000);
    expect(await cache.get('key')).toBe('value');
    await cache.delete('key');
  }

  const untrusting = opened(login, patience);
  await until(() => causes(untrusting.logger).length > 0);
  expect(causes(untrusting.logger)).toEqual([expect.stringMatching(/self-signed certificate/)]);

  const misnamed = new URL(login);
  misnamed.hostname = 'localhost';
  const elsewhere = opened(misnamed, { ...patience, ca: certificate });
  await until(() => causes(elsewhere.logger).length > 0);
  expect(causes(elsewhere.logger)).toEqual([expect.stringMatching(/does not match certificate's altnames/)]);

  const stranger = opened(wrong, { ...patience, ca: certificate });
  await until(() => causes(stranger.logger).length > 0);
  expect(causes(stranger.logger)).toEqual([expect.stringMatching(/WRONGPASS/)]);
  for (const { logger } of [untrusting, elsewhere, stranger])
    expect(JSON.stringify(logger.lines)).not.toMatch(/s3cret|an0ther/);
});
