import type { Identity } from '../../domain/identity.ts';
import type { TokenVerifier } from '../../ports/token-verifier.ts';
import { once } from '../system/once.ts';

/** A verifier whose secret is fetched at the first token, once; a fetch that failed is tried again at the next. */
export class DeferredTokenVerifier implements TokenVerifier {
  readonly #verifier: () => Promise<TokenVerifier>;

  constructor(make: () => Promise<TokenVerifier>) {
    this.#verifier = once(make);
  }

  async verify(token: string): Promise<Identity> {
    return (await this.#verifier()).verify(token);
  }
}
