import type { Valkey } from 'iovalkey';
import type { Cache } from '../../ports/cache.ts';
import type { Caches } from '../caching/caches.ts';
import { ValkeyCache } from './valkey-cache.ts';

/** All servers' that use the same Valkey. */
export class ValkeyCaches implements Caches {
  readonly #client: Valkey;

  constructor({ client }: { readonly client: Valkey }) {
    this.#client = client;
  }

  open<Value>(name: string, parse: (kept: unknown) => Value): Cache<Value> {
    return new ValkeyCache({ client: this.#client, namespace: name, parse });
  }
}
