import fc from 'fast-check';
import type { JWTPayload } from 'jose';
import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { JwtTokenVerifier } from '../../src/adapters/jose/jwt-token-verifier.ts';
import { signToken } from '../../src/adapters/jose/token-signer.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';

const SECRET = 'a secret of this test, long enough';
const HOUR_MS = 3_600_000;

const clock = new ManualClock();
const NOW_S = clock.now() / 1_000;

const verifier = new JwtTokenVerifier({
  keys: { kind: 'secret', secret: SECRET },
  now: () => clock.now(),
});
const strict = new JwtTokenVerifier({
  keys: { kind: 'secret', secret: SECRET },
  issuer: 'https://id.example.com',
  audience: 'fanfare',
  now: () => clock.now(),
});

/** alice's token for an hour, but for what is set; a claim set to undefined is left out. */
const aToken = (set: JWTPayload = {}, { alg = 'HS256', secret = SECRET } = {}): Promise<string> =>
  new SignJWT({ sub: 'alice', exp: NOW_S + 3_600, ...set })
    .setProtectedHeader({ alg })
    .sign(new TextEncoder().encode(secret));

const encoded = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');

const refusal = (why: string) => ({
  code: 'unauthenticated',
  retryable: false,
  message: `the token is not valid: ${why}`,
});

describe('A good token', () => {
  test('says who calls, what they may do, and until when', async () => {
    const fanfare = { admin: true, allow: { 'room:*': ['subscribe', 'publish'], broadcast: ['publish'] } };
    expect(await verifier.verify(await aToken({ fanfare }))).toEqual({
      user: 'alice',
      admin: true,
      capabilities: [
        { pattern: 'room:*', actions: ['subscribe', 'publish'] },
        { pattern: 'broadcast', actions: ['publish'] },
      ],
      expiresAt: clock.now() + HOUR_MS,
    });
  });

  test('allows nothing that it does not name', async () => {
    expect(await verifier.verify(await aToken())).toMatchObject({ admin: false, capabilities: [] });
  });

  test('is what our own signer makes', async () => {
    const request = {
      user: 'bob',
      admin: false,
      allow: { 'topic:news': ['subscribe'] },
      expiresInMs: HOUR_MS,
      issuer: 'https://id.example.com',
      audience: 'fanfare',
    } as const;
    expect(await strict.verify(await signToken(SECRET, request, clock.now()))).toEqual({
      user: 'bob',
      admin: false,
      capabilities: [{ pattern: 'topic:news', actions: ['subscribe'] }],
      expiresAt: clock.now() + HOUR_MS,
    });
  });
});

describe("A token's time", () => {
  test.each([
    ['ended 29 s ago', { exp: NOW_S - 29 }],
    ['begins in 30 s', { nbf: NOW_S + 30 }],
  ])('is forgiven for clocks that differ: it %s', async (_, claims) => {
    expect(await verifier.verify(await aToken(claims))).toMatchObject({ user: 'alice' });
  });

  test.each([
    ['ended 31 s ago', { exp: NOW_S - 31 }, 'it has expired'],
    ['ended an hour ago', { exp: NOW_S - 3_600 }, 'it has expired'],
    ['begins in 31 s', { nbf: NOW_S + 31 }, 'the claim nbf does not hold'],
  ])('is over or yet to come: it %s', async (_, claims, why) => {
    await expect(verifier.verify(await aToken(claims))).rejects.toMatchObject(refusal(why));
  });

  test('must have an end', async () => {
    const token = await aToken({ exp: undefined });
    await expect(verifier.verify(token)).rejects.toMatchObject(
      refusal('exp: expected the time when the token ends'),
    );
  });

  test('must end within the years that a date can hold', async () => {
    const token = await aToken({ exp: 8_640_000_000_001 });
    await expect(verifier.verify(token)).rejects.toMatchObject(
      refusal('exp: expected the time when the token ends'),
    );
  });
});

describe("A token's signature", () => {
  test('is asked for: alg "none" is refused', async () => {
    const token = new UnsecuredJWT({ sub: 'alice', exp: NOW_S + 3_600 }).encode();
    await expect(verifier.verify(token)).rejects.toMatchObject(refusal('its algorithm is not allowed'));
  });

  test.each(['HS384', 'HS512'])('is HS256 and nothing else: %s by the right secret is refused', async alg => {
    const secret = SECRET.repeat(2);
    const doubled = new JwtTokenVerifier({ keys: { kind: 'secret', secret }, now: () => clock.now() });
    expect(await doubled.verify(await aToken({}, { secret }))).toMatchObject({ user: 'alice' });
    const token = await aToken({}, { alg, secret });
    await expect(doubled.verify(token)).rejects.toMatchObject(refusal('its algorithm is not allowed'));
  });

  test('by another secret is refused', async () => {
    const token = await aToken({}, { secret: `${SECRET}!` });
    await expect(verifier.verify(token)).rejects.toMatchObject(refusal('its signature does not match'));
  });

  test('covers the claims: alice cannot become admin', async () => {
    const [header, , signature] = (await aToken()).split('.');
    const claims = { sub: 'alice', exp: NOW_S + 3_600, fanfare: { admin: true } };
    const token = `${header}.${encoded(claims)}.${signature}`;
    await expect(verifier.verify(token)).rejects.toMatchObject(refusal('its signature does not match'));
  });
});

describe("A token's issuer and audience", () => {
  const right = { iss: 'https://id.example.com', aud: 'fanfare' };

  test('are taken where they are what is configured', async () => {
    expect(await strict.verify(await aToken(right))).toMatchObject({ user: 'alice' });
    expect(await strict.verify(await aToken({ ...right, aud: ['other', 'fanfare'] }))).toMatchObject({
      user: 'alice',
    });
  });

  test.each([
    ['iss', { ...right, iss: 'https://evil.example.com' }],
    ['iss', { aud: right.aud }],
    ['aud', { ...right, aud: 'other' }],
    ['aud', { iss: right.iss }],
  ])('are refused where they are not: %s of %o', async (claim, claims) => {
    const why = `the claim ${claim} does not hold`;
    await expect(strict.verify(await aToken(claims))).rejects.toMatchObject(refusal(why));
  });

  test('are ignored where nothing is configured', async () => {
    const token = await aToken({ iss: 'https://evil.example.com', aud: 'other' });
    expect(await verifier.verify(token)).toMatchObject({ user: 'alice' });
  });
});

describe("A token's claims", () => {
  const WHO = 'sub: expected 1 to 128 of A-Z a-z 0-9 . _ @ + = -';
  const RIGHTS =
    'fanfare: expected admin (true or false) and allow (channel patterns, each with any of subscribe, publish, presence, history)';

  test.each([
    ['no sub', { sub: undefined }, WHO],
    ['an empty sub', { sub: '' }, WHO],
    ['a sub with a space', { sub: 'alice bob' }, WHO],
    ['a sub that would name another channel', { sub: 'room:lobby' }, WHO],
    ['a sub that is too long', { sub: 'x'.repeat(129) }, WHO],
    ['an unknown action', { fanfare: { allow: { 'room:*': ['subscribe', 'destroy'] } } }, RIGHTS],
    ['one action without its list', { fanfare: { allow: { 'room:*': 'subscribe' } } }, RIGHTS],
    ['an admin that is no boolean', { fanfare: { admin: 'yes' } }, RIGHTS],
    ['rights that are no object', { fanfare: 'admin' }, RIGHTS],
  ])('are refused as a whole, and what is wrong is named: %s', async (_, claims, why) => {
    const token = await aToken(claims as JWTPayload);
    await expect(verifier.verify(token)).rejects.toMatchObject(refusal(why));
  });
});

describe('What is not a JWT', () => {
  test.each([
    ['', 'it is not a JWT'],
    ['alice', 'it is not a JWT'],
    ['a.b.c', 'it is not a JWT'],
    [`${encoded({ alg: 'HS256' })}.${encoded([])}`, 'it is not a JWT'],
    [`${encoded({ alg: 'dir', enc: 'A128GCM' })}.a.b.c.d`, 'it is not a JWT'],
    [`${encoded({})}.${encoded({})}.c`, 'it is not a JWT'],
    [`${encoded({ alg: 'HS256', crit: ['x'], x: 1 })}.${encoded({})}.c`, 'its algorithm is not allowed'],
  ])('is refused: %j', async (token, why) => {
    await expect(verifier.verify(token)).rejects.toMatchObject(refusal(why));
  });

  test('is never repeated in the answer, nor taken for a failure of ours', async () => {
    const part = fc.oneof(fc.string({ minLength: 8 }), fc.base64String({ minLength: 8 }));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), async parts => {
        const error = await verifier.verify(parts.join('.')).catch(thrown => thrown);
        expect(error).toMatchObject({ code: 'unauthenticated' });
        for (const text of parts) expect(error.message).not.toContain(text);
      }),
    );
  });
});
