import type { Identity } from '../../domain/identity.ts';
import type { Cache } from '../../ports/cache.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TokenVerifier } from '../../ports/token-verifier.ts';

/** A token that was good a moment ago is taken as good, up to so long and never past its own end. */
const REMEMBER_MS = 60_000;

/** Spares a busy caller's token the signature check. The cache must stay within the process: it holds tokens. */
export class CachingTokenVerifier implements TokenVerifier {
  readonly #inner: TokenVerifier;
  readonly #cache: Cache<Identity>;
  readonly #clock: Clock;

  constructor(ports: { inner: TokenVerifier; cache: Cache<Identity>; clock: Clock }) {
    this.#inner = ports.inner;
    this.#cache = ports.cache;
    this.#clock = ports.clock;
  }

  async verify(token: string): Promise<Identity> {
    const known = await this.#cache.get(token);
    if (known !== undefined) return known;
    const identity = await this.#inner.verify(token);
    const ttlMs = Math.min(REMEMBER_MS, identity.expiresAt - this.#clock.now());
    if (ttlMs > 0) await this.#cache.set(token, identity, ttlMs);
    return identity;
  }
}
