import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import { FanfareError } from '../../domain/errors.ts';
import type { Identity } from '../../domain/identity.ts';
import { isName, userId } from '../../domain/ids.ts';
import type { TokenVerifier } from '../../ports/token-verifier.ts';

/** Clocks of different machines may differ by so much. */
const CLOCK_TOLERANCE_S = 30;
const ASYMMETRIC = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];

export type TokenKeys =
  /** HS256. RFC 7518 section 3.2: at least 256 bits. */
  | { readonly kind: 'secret'; readonly secret: string }
  /** Public keys at a URL; HS256 is then refused, so that no public key passes for a secret. */
  | { readonly kind: 'jwks'; readonly url: URL };

export interface JwtOptions {
  readonly keys: TokenKeys;
  readonly issuer?: string;
  readonly audience?: string;
  /** ms since 1970 */
  readonly now: () => number;
}

/** In s since 1970: what a Date can hold (ECMA-262, time values). */
const LATEST_END_S = 8_640_000_000_000;

/** The claims that Fanfare reads, beside JWT's own `sub` and `exp`. */
const claims = z.object({
  sub: z.string().check(z.refine(isName)),
  exp: z.number().check(z.maximum(LATEST_END_S)),
  fanfare: z._default(
    z.object({
      admin: z._default(z.boolean(), false),
      allow: z._default(
        z.record(z.string(), z.array(z.enum(['subscribe', 'publish', 'presence', 'history']))),
        {},
      ),
    }),
    { admin: false, allow: {} },
  ),
});

/** Said in place of zod's words, which would quote the token. */
const EXPECTED: Readonly<Record<keyof z.output<typeof claims>, string>> = {
  sub: '1 to 128 of A-Z a-z 0-9 . _ @ + = -',
  exp: 'the time when the token ends',
  fanfare:
    'admin (true or false) and allow (channel patterns, each with any of subscribe, publish, presence, history)',
};

export class JwtTokenVerifier implements TokenVerifier {
  readonly #check: (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>;
  readonly #options: JWTVerifyOptions;
  readonly #now: () => number;

  constructor({ keys, issuer, audience, now }: JwtOptions) {
    this.#check = keys.kind === 'secret' ? bySecret(keys.secret) : byKeySet(keys.url);
    const algorithms = keys.kind === 'secret' ? ['HS256'] : ASYMMETRIC;
    this.#options = { algorithms, issuer, audience, clockTolerance: CLOCK_TOLERANCE_S };
    this.#now = now;
  }

  async verify(token: string): Promise<Identity> {
    const parsed = claims.safeParse(await this.#payload(token));
    if (!parsed.success) throw unexpectedClaim(parsed.error);
    const { sub, exp, fanfare } = parsed.data;
    return {
      user: userId(sub),
      admin: fanfare.admin,
      capabilities: Object.entries(fanfare.allow).map(([pattern, actions]) => ({ pattern, actions })),
      expiresAt: exp * 1_000,
    };
  }

  async #payload(token: string): Promise<JWTPayload> {
    const options = { ...this.#options, currentDate: new Date(this.#now()) };
    try {
      return await this.#check(token, options);
    } catch (error) {
      throw translate(error);
    }
  }
}

/** The key is imported once: jose would import bytes anew for each token, which costs more than the check itself. */
const bySecret = (secret: string) => {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['verify']);
  return async (token: string, options: JWTVerifyOptions) =>
    (await jwtVerify(token, await key, options)).payload;
};

const byKeySet = (url: URL) => {
  const keys = createRemoteJWKSet(url);
  return async (token: string, options: JWTVerifyOptions) => (await jwtVerify(token, keys, options)).payload;
};

const unauthenticated = (why: string, cause?: unknown): FanfareError =>
  new FanfareError('unauthenticated', `the token is not valid: ${why}`, { cause });

const unexpectedClaim = ({ issues }: z.core.$ZodError): FanfareError => {
  const claim = issues[0]?.path[0] as keyof typeof EXPECTED;
  return unauthenticated(`${claim}: expected ${EXPECTED[claim]}`);
};

/** The one place where jose's errors become ours. */
const translate = (error: unknown): FanfareError => {
  if (error instanceof errors.JWTExpired) return unauthenticated('it has expired', error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthenticated(`the claim ${error.claim} does not hold`, error);
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return unauthenticated('its algorithm is not allowed', error);
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return unauthenticated('its signature does not match', error);
  }
  if (error instanceof errors.JWKSNoMatchingKey) return unauthenticated('no key of ours signed it', error);
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return unauthenticated('it does not say which of several keys signed it (kid)', error);
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return unauthenticated('it is not a JWT', error);
  }
  if (error instanceof errors.JOSENotSupported) return unauthenticated('its algorithm is not allowed', error);
  return new FanfareError('unavailable', 'the keys that verify tokens cannot be had just now', {
    cause: error,
  });
};
