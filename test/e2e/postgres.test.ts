import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { expect, test } from 'vitest';
import { aFreePort } from '../support/cli.ts';
import { unlessRequired, whyNoContainers } from '../support/containers.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { POSTGRES_IMAGE } from '../support/sql-platforms.ts';
import { until } from '../support/until.ts';
import { wholeLog } from '../support/whole-log.ts';

const unavailable = unlessRequired(await whyNoContainers());

/** Requests under way at a time. */
const AT_ONCE = 8;

const notify = (stack: LocalStack, key: string): Promise<Response> =>
  stack.post('/v1/notifications', { to: ['user:alice'], title: key }, { 'idempotency-key': key });

const logOf = (stack: LocalStack) => wholeLog(path => stack.get(path), 'user:alice');

test('on a PostgreSQL that restarts under load, nothing accepted is lost, and what failed says when to try again', async context => {
  if (unavailable !== undefined) context.skip(unavailable);
  const port = { container: 5432, host: await aFreePort() };
  const container = await new PostgreSqlContainer(POSTGRES_IMAGE).withExposedPorts(port).start();
  const env = { FANFARE_POSTGRES_URL: container.getConnectionUri(), FANFARE_RETENTION_MESSAGES: '1000000' };
  let stack = await aLocalStack(env);
  try {
    const [accepted, refused] = [new Set<string>(), new Map<number, Set<string | null>>()];
    let [sent, posting] = [0, true];
    const post = async (): Promise<void> => {
      while (posting) {
        const key = `k${++sent}`;
        for (let answered = false; !answered; ) {
          const response = await notify(stack, key);
          answered = response.status === 202;
          if (answered) accepted.add(key);
          else {
            const retryAfter = refused.get(response.status) ?? new Set();
            refused.set(response.status, retryAfter.add(response.headers.get('retry-after')));
            await new Promise(resolve => setTimeout(resolve, 50));
          }
          await response.body?.cancel();
        }
      }
    };
    const posts = Promise.all(Array.from({ length: AT_ONCE }, post));
    await until(() => accepted.size > 50, 20_000);
    await container.restart();
    const before = accepted.size;
    await until(() => accepted.size > before + 50, 40_000);
    posting = false;
    await posts;

    expect(refused.get(503)?.has(null)).toBe(false);
    // 409: the first attempt's claim outlives the outage until its lease ends.
    expect([...refused.keys()].filter(status => status !== 503 && status !== 409)).toEqual([]);
    const log = await logOf(stack);
    expect(log.map(({ offset }) => offset)).toEqual(log.map((_, index) => index + 1));
    expect(log.map(({ notification }) => notification.title).sort()).toEqual([...accepted].sort());

    await stack.close();
    stack = await aLocalStack(env);
    expect(await logOf(stack)).toEqual(log);
  } finally {
    await stack.close();
    await container.stop({ timeout: 0 });
  }
}, 120_000);
