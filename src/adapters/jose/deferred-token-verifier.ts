import type { Identity } from '../../domain/identity.ts';
import type { TokenVerifier } from '../../ports/token-verifier.ts';

/** A verifier whose secret is fetched at the first token, once; a fetch that failed is tried again at the next. */
export class DeferredTokenVerifier implements TokenVerifier {
  readonly #make: () => Promise<TokenVerifier>;
  #made: Promise<TokenVerifier> | undefined;

  constructor(make: () => Promise<TokenVerifier>) {
    this.#make = make;
  }

  async verify(token: string): Promise<Identity> {
    this.#made ??= this.#make().catch(error => {
      this.#made = undefined;
      throw error;
    });
    return (await this.#made).verify(token);
  }
}
