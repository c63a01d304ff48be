import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CryptoKey, JWK } from 'jose';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { JwtTokenVerifier } from '../../src/adapters/jose/jwt-token-verifier.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';

const clock = new ManualClock();
const IN_AN_HOUR_S = clock.now() / 1_000 + 3_600;

interface KeyPair {
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

const aKeyPair = async (alg: string, kid: string): Promise<KeyPair> => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
};

const rsa = await aKeyPair('RS256', 'rsa-1');
const anotherRsa = await aKeyPair('RS256', 'rsa-2');
const ec = await aKeyPair('ES256', 'ec-1');
const ed = await aKeyPair('EdDSA', 'ed-1');

const aToken = ({ alg, jwk, privateKey }: KeyPair, header: { kid?: string } = { kid: jwk.kid }) =>
  new SignJWT({ sub: 'alice', exp: IN_AN_HOUR_S }).setProtectedHeader({ alg, ...header }).sign(privateKey);

/** An identity provider's key server. */
const serveKeys = async (...pairs: readonly KeyPair[]) => {
  const state = { asked: 0, status: 200, body: JSON.stringify({ keys: pairs.map(({ jwk }) => jwk) }) };
  const server = createServer((_request, response) => {
    state.asked += 1;
    response.writeHead(state.status, { 'content-type': 'application/json' }).end(state.body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const end = (): Promise<unknown> => {
    server.closeAllConnections();
    return new Promise(resolve => server.close(resolve));
  };
  onTestFinished(async () => void (await end()));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`);
  const verifier = new JwtTokenVerifier({ keys: { kind: 'jwks', url }, now: () => clock.now() });
  return { state, verifier, end };
};

const refusal = (why: string) => ({
  code: 'unauthenticated',
  retryable: false,
  message: `the token is not valid: ${why}`,
});

const unavailable = {
  code: 'unavailable',
  retryable: true,
  message: 'the keys that verify tokens cannot be had just now',
};

describe('With keys at a URL', () => {
  test.each([
    ['RS256', rsa],
    ['ES256', ec],
    ['EdDSA', ed],
  ])('a token signed with %s is good', async (_, pair) => {
    const { verifier } = await serveKeys(rsa, ec, ed);
    expect(await verifier.verify(await aToken(pair))).toMatchObject({ user: 'alice' });
  });

  test('the keys are asked for once, not per token', async () => {
    const { verifier, state } = await serveKeys(rsa, ec);
    for (const pair of [rsa, ec, rsa]) await verifier.verify(await aToken(pair));
    expect(state.asked).toBe(1);
  });

  test('a token that names an unknown key is refused', async () => {
    const { verifier } = await serveKeys(rsa);
    await expect(verifier.verify(await aToken(rsa, { kid: 'rsa-9' }))).rejects.toMatchObject(
      refusal('no key of ours signed it'),
    );
  });

  test('a token that names our key but is signed by another is refused', async () => {
    const { verifier } = await serveKeys(rsa);
    await expect(verifier.verify(await aToken(anotherRsa, { kid: 'rsa-1' }))).rejects.toMatchObject(
      refusal('its signature does not match'),
    );
  });

  test('a token that names no key is good where only one can be meant', async () => {
    const { verifier } = await serveKeys(rsa, ec);
    expect(await verifier.verify(await aToken(rsa, {}))).toMatchObject({ user: 'alice' });
  });

  test('a token that names no key is refused where several could be meant', async () => {
    const { verifier } = await serveKeys(rsa, anotherRsa);
    await expect(verifier.verify(await aToken(rsa, {}))).rejects.toMatchObject(
      refusal('it does not say which of several keys signed it (kid)'),
    );
  });

  test.each([
    ['as PEM', async () => exportSPKI(rsa.publicKey)],
    ['as JWK', async () => JSON.stringify(rsa.jwk)],
  ])('nobody can sign HS256 with the public key as the secret, %s', async (_, secretOf) => {
    const { verifier } = await serveKeys(rsa);
    const token = await new SignJWT({ sub: 'alice', exp: IN_AN_HOUR_S, fanfare: { admin: true } })
      .setProtectedHeader({ alg: 'HS256', kid: 'rsa-1' })
      .sign(new TextEncoder().encode(await secretOf()));
    await expect(verifier.verify(token)).rejects.toMatchObject(refusal('its algorithm is not allowed'));
  });

  test("a server that is down is our failure, not the token's: unavailable, and worth another try", async () => {
    const { verifier, end } = await serveKeys(rsa);
    await end();
    await expect(verifier.verify(await aToken(rsa))).rejects.toMatchObject(unavailable);
  });

  test.each([
    ['an error', 500, '{}'],
    ['no JSON', 200, '<html>'],
    ['no keys', 200, '{"jwks":[]}'],
  ])('a server that answers with %s is unavailable until it answers well', async (_, status, body) => {
    const { verifier, state } = await serveKeys(rsa);
    const good = { ...state };
    Object.assign(state, { status, body });
    await expect(verifier.verify(await aToken(rsa))).rejects.toMatchObject(unavailable);
    Object.assign(state, good);
    expect(await verifier.verify(await aToken(rsa))).toMatchObject({ user: 'alice' });
  });
});
