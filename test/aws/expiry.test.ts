import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmulatedStack } from '../support/emulated-stack.ts';
import { anEmulatedStack } from '../support/emulated-stack.ts';
import { whyNoLocalStack } from '../support/localstack.ts';
import { until } from '../support/until.ts';

const unavailable = whyNoLocalStack();

let stack: EmulatedStack;
beforeAll(async () => {
  if (unavailable === undefined) stack = await anEmulatedStack('fanfare-expiry');
}, 60_000);
afterAll(() => stack?.close());

describe('On emulated AWS, a connection whose token has ended', () => {
  test('gets no message any more, and is told so and closed at its next frame', async context => {
    if (unavailable !== undefined) return context.skip(unavailable);
    const brief = await stack.connect('alice', { expiresInMs: 4_000 });
    const lasting = await stack.connect('alice');
    const { expiresAt } = await brief.request({ action: 'hello' });
    await until(() => Date.now() > Date.parse(String(expiresAt)), 10_000);

    await stack.notify({ to: ['user:alice'], title: 'Shipped' });
    await lasting.first(({ type }) => type === 'message');
    expect(await brief.request({ action: 'ping' })).toMatchObject({ type: 'error', code: 'unauthenticated' });
    expect(await brief.closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
    expect(brief.pushed('user:alice')).toEqual([]);
  }, 60_000);
});
