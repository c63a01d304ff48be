import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signToken } from '../../src/adapters/jose/token-signer.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { SignedUnsubscribeLinks } from '../../src/adapters/system/signed-unsubscribe-links.ts';
import { userId } from '../../src/domain/ids.ts';

const DAY_MS = 86_400_000;
const [ALICE, SECRET] = [userId('alice'), 'a secret of at least 32 characters'];

const linksOf = (options: { secret?: string; publicUrl?: string } = {}) => {
  const clock = new ManualClock();
  const publicUrl = new URL(options.publicUrl ?? 'https://api.example.com');
  const links = new SignedUnsubscribeLinks({ secret: options.secret ?? SECRET, publicUrl, clock });
  const tokenOf = (category: string): string =>
    links.unsubscribeUrl(ALICE, category)?.split('/').at(-1) ?? '';
  return { clock, links, tokenOf };
};

describe('A link that unsubscribes', () => {
  test('is under the public URL, and is read as it was made', () => {
    const { links, tokenOf } = linksOf({ publicUrl: 'https://example.com/push' });
    expect(links.unsubscribeUrl(ALICE, 'orders')).toMatch(
      /^https:\/\/example\.com\/push\/v1\/unsubscribe\/[\w.-]+$/,
    );
    expect(links.read(tokenOf('orders'))).toEqual({ user: 'alice', category: 'orders' });
  });

  test('is good for 90 days', async () => {
    const { clock, links, tokenOf } = linksOf();
    const token = tokenOf('orders');
    await clock.advance(90 * DAY_MS - 1_000);
    expect(links.read(token)).toBeDefined();
    await clock.advance(2_000);
    expect(links.read(token)).toBeUndefined();
  });

  test('is no good when anything of it was changed', () => {
    const { links, tokenOf } = linksOf();
    const token = tokenOf('orders');
    const change = fc.record({
      at: fc.nat(token.length - 1),
      by: fc.constantFrom(...'ABCxyz019-_.~% '),
    });
    fc.assert(
      fc.property(change, ({ at, by }) => {
        const changed = token.slice(0, at) + by + token.slice(at + 1);
        // The last character of either part carries bits that count for nothing.
        const [text, signature = ''] = changed.split('.');
        const same =
          text === token.split('.')[0] && bytes(signature).equals(bytes(token.split('.')[1] ?? ''));
        expect(links.read(changed) === undefined).toBe(!same);
      }),
    );
  });

  test.each(['', '.', 'x', 'a.b.c', `${'a'.repeat(600)}.b`])('is not %j', token => {
    expect(linksOf().links.read(token)).toBeUndefined();
  });

  test('is signed by this service, with a key for nothing else', async () => {
    const { links, tokenOf } = linksOf();
    const other = linksOf({ secret: 'another secret of 32 characters or so' });
    expect(other.links.read(tokenOf('orders'))).toBeUndefined();
    const jwt = await signToken(SECRET, { user: ALICE, admin: false, allow: {}, expiresInMs: DAY_MS }, 0);
    expect(links.read(jwt)).toBeUndefined();
    expect(links.read(jwt.split('.').slice(1).join('.'))).toBeUndefined();
  });

  test('is none where nobody here signs, or nobody knows where it would lead', () => {
    const clock = new ManualClock();
    const publicUrl = new URL('https://api.example.com');
    const unsigned = new SignedUnsubscribeLinks({ secret: undefined, publicUrl, clock });
    expect(unsigned.unsubscribeUrl(ALICE, 'orders')).toBeUndefined();
    expect(unsigned.read(linksOf().tokenOf('orders'))).toBeUndefined();
    const nowhere = new SignedUnsubscribeLinks({ secret: SECRET, publicUrl: undefined, clock });
    expect(nowhere.unsubscribeUrl(ALICE, 'orders')).toBeUndefined();
  });
});

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
