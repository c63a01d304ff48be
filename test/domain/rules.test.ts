import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { channelKind, isChannel, parseChannel } from '../../src/domain/channel.ts';
import { allows } from '../../src/domain/identity.ts';
import { userId } from '../../src/domain/ids.ts';
import { fullJitterMs } from '../../src/domain/retry.ts';
import { aChannel, anIdentity } from '../support/builders.ts';

describe('Full-jitter back-off', () => {
  const policies = fc.record({
    baseDelayMs: fc.integer({ min: 1, max: 10_000 }),
    maxDelayMs: fc.integer({ min: 1, max: 1_000_000 }),
  });
  const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  test('stays between nothing and the exponential bound, whatever is drawn', () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 0, max: 2_000 }), draws, (policy, attempt, random) => {
        const delay = fullJitterMs(policy, attempt, random);
        const bound = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** attempt);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(bound);
      }),
    );
  });

  test('reaches both ends of its range', () => {
    const policy = { baseDelayMs: 100, maxDelayMs: 1_000 };
    expect(fullJitterMs(policy, 0, 0)).toBe(0);
    expect(fullJitterMs(policy, 0, 1 - Number.EPSILON)).toBe(100);
    expect(fullJitterMs(policy, 2, 1 - Number.EPSILON)).toBe(400);
    expect(fullJitterMs(policy, 9, 1 - Number.EPSILON)).toBe(1_000);
  });
});

describe('A channel', () => {
  test.each([
    'user:alice',
    'user:a.b_c@d+e=f-g',
    'room:lobby',
    'topic:orders',
    'broadcast',
    `room:${'x'.repeat(128)}`,
  ])('%s is one', text => expect(isChannel(text)).toBe(true));

  test.each([
    '',
    'alice',
    'user:',
    'user:a b',
    'users:alice',
    'broadcast:all',
    'user:alice\n',
    'room:é',
    'room:a/b',
    'room:a:b',
    'room:*',
    `room:${'x'.repeat(129)}`,
    'constructor:x',
  ])('%j is none, and the error names the field', text => {
    expect(isChannel(text)).toBe(false);
    expect(() => parseChannel(text, 'to[0]')).toThrow(
      expect.objectContaining({ code: 'invalid', field: 'to[0]' }),
    );
  });

  test('knows its kind', () => {
    expect(['user:a', 'room:a', 'topic:a', 'broadcast'].map(text => channelKind(parseChannel(text)))).toEqual(
      ['user', 'room', 'topic', 'broadcast'],
    );
  });
});

describe('A token', () => {
  const alice = anIdentity({ user: userId('alice') });

  test("allows its user's own channel to be followed and read, not written", () => {
    const own = aChannel('user:alice');
    expect((['subscribe', 'history', 'publish'] as const).map(action => allows(alice, action, own))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("allows nothing on another user's channel, not even one whose name begins alike", () => {
    for (const other of ['user:bob', 'user:alice2', 'user:alic']) {
      expect(allows(alice, 'subscribe', aChannel(other))).toBe(false);
    }
  });

  test('allows what its patterns name, and only those actions', () => {
    const identity = anIdentity({
      capabilities: [
        { pattern: 'room:team-*', actions: ['subscribe', 'publish'] },
        { pattern: 'topic:news', actions: ['subscribe'] },
      ],
    });
    expect(allows(identity, 'publish', aChannel('room:team-a'))).toBe(true);
    expect(allows(identity, 'publish', aChannel('room:tea'))).toBe(false);
    expect(allows(identity, 'history', aChannel('room:team-a'))).toBe(false);
    expect(allows(identity, 'subscribe', aChannel('topic:news'))).toBe(true);
    expect(allows(identity, 'subscribe', aChannel('topic:news2'))).toBe(false);
  });

  test('of an admin allows everything', () => {
    expect(allows(anIdentity({ admin: true }), 'publish', aChannel('user:bob'))).toBe(true);
  });
});
