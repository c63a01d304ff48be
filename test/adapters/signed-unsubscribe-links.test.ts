import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signToken } from '../../src/adapters/jose/token-signer.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { SignedUnsubscribeLinks } from '../../src/adapters/system/signed-unsubscribe-links.ts';
import { FanfareError } from '../../src/domain/errors.ts';
import { userId } from '../../src/domain/ids.ts';

const DAY_MS = 86_400_000;
const [ALICE, SECRET] = [userId('alice'), 'a secret of at least 32 characters'];

const linksOf = (options: { secret?: string; publicUrl?: string } = {}) => {
  const clock = new ManualClock();
  const publicUrl = new URL(options.publicUrl ?? 'https://api.example.com');
  const secret = async () => options.secret ?? SECRET;
  const links = new SignedUnsubscribeLinks({ secret, publicUrl, clock });
  const tokenOf = async (category: string): Promise<string> =>
    (await links.unsubscribeUrl(ALICE, category))?.split('/').at(-1) ?? '';
  return { clock, links, tokenOf };
};

describe('A link that unsubscribes', () => {
  test('is under the public URL, and is read as it was made', async () => {
    const { links, tokenOf } = linksOf({ publicUrl: 'https://example.com/push' });
    expect(await links.unsubscribeUrl(ALICE, 'orders')).toMatch(
      /^https:\/\/example\.com\/push\/v1\/unsubscribe\/[\w.-]+$/,
    );
    expect(await links.read(await tokenOf('orders'))).toEqual({ user: 'alice', category: 'orders' });
  });

  test('is good for 90 days', async () => {
    const { clock, links, tokenOf } = linksOf();
    const token = await tokenOf('orders');
    await clock.advance(90 * DAY_MS - 1_000);
    expect(await links.read(token)).toBeDefined();
    await clock.advance(2_000);
    expect(await links.read(token)).toBeUndefined();
  });

  test('is no good when anything of it was changed', async () => {
    const { links, tokenOf } = linksOf();
    const token = await tokenOf('orders');
    const change = fc.record({
      at: fc.nat(token.length - 1),
      by: fc.constantFrom(...'ABCxyz019-_.~% '),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, by }) => {
        const changed = token.slice(0, at) + by + token.slice(at + 1);
        // The last character of either part carries bits that count for nothing.
        const [text, signature = ''] = changed.split('.');
        const same =
          text === token.split('.')[0] && bytes(signature).equals(bytes(token.split('.')[1] ?? ''));
        expect((await links.read(changed)) === undefined).toBe(!same);
      }),
    );
  });

  test.each(['', '.', 'x', 'a.b.c', `${'a'.repeat(600)}.b`])('is not %j', async token => {
    expect(await linksOf().links.read(token)).toBeUndefined();
  });

  test('is signed by this service, with a key for nothing else', async () => {
    const { links, tokenOf } = linksOf();
    const other = linksOf({ secret: 'another secret of 32 characters or so' });
    expect(await other.links.read(await tokenOf('orders'))).toBeUndefined();
    const jwt = await signToken(SECRET, { user: ALICE, admin: false, allow: {}, expiresInMs: DAY_MS }, 0);
    expect(await links.read(jwt)).toBeUndefined();
    expect(await links.read(jwt.split('.').slice(1).join('.'))).toBeUndefined();
  });

  test('is none where nobody here signs, or nobody knows where it would lead', async () => {
    const clock = new ManualClock();
    const publicUrl = new URL('https://api.example.com');
    const unsigned = new SignedUnsubscribeLinks({ publicUrl, clock });
    expect(await unsigned.unsubscribeUrl(ALICE, 'orders')).toBeUndefined();
    expect(await unsigned.read(await linksOf().tokenOf('orders'))).toBeUndefined();
    const nowhere = new SignedUnsubscribeLinks({ secret: async () => SECRET, publicUrl: undefined, clock });
    expect(await nowhere.unsubscribeUrl(ALICE, 'orders')).toBeUndefined();
  });
});

test('What signs links is asked for once, when it is first needed, and again after a failure', async () => {
  let asked = 0;
  const secret = async () => {
    if (++asked === 1) throw new FanfareError('unavailable', 'it cannot be had just now');
    return SECRET;
  };
  const links = new SignedUnsubscribeLinks({ secret, publicUrl: undefined, clock: new ManualClock() });
  const token = await linksOf().tokenOf('orders');
  expect(asked).toBe(0);
  await expect(links.read(token)).rejects.toThrow('it cannot be had just now');
  for (let times = 0; times < 2; times++) expect(await links.read(token)).toBeDefined();
  expect(asked).toBe(2);
});

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
