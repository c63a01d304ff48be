import type { Valkey } from 'iovalkey';
import type { Cache } from '../../ports/cache.ts';
import { unavailable } from './valkey-errors.ts';

export interface ValkeyCacheOptions<Value> {
  readonly client: Valkey;
  /** In front of every key, so that two caches share nothing. */
  readonly namespace: string;
  /** Takes what was kept, which an older version may have written; throws for what is no such value any more. */
  readonly parse: (kept: unknown) => Value;
}

/**
 * Values as JSON, for all that use the same server. Valkey forgets an entry when its time is over by Valkey's own clock,
 * and sooner, by its `maxmemory-policy`, when its memory is full: that is the bound.
 */
export class ValkeyCache<Value> implements Cache<Value> {
  readonly #options: ValkeyCacheOptions<Value>;

  constructor(options: ValkeyCacheOptions<Value>) {
    this.#options = options;
  }

  async get(key: string): Promise<Value | undefined> {
    const { client, parse } = this.#options;
    const text = await answer(client.get(this.#name(key)));
    if (text === null) return undefined;
    try {
      return parse(JSON.parse(text));
    } catch {
      // Another version's; it is forgotten as anything may be.
      return undefined;
    }
  }

  async set(key: string, value: Value, ttlMs: number): Promise<void> {
    await answer(this.#options.client.set(this.#name(key), JSON.stringify(value), 'PX', Math.ceil(ttlMs)));
  }

  async delete(key: string): Promise<void> {
    await answer(this.#options.client.del(this.#name(key)));
  }

  #name(key: string): string {
    return `fanfare/${this.#options.namespace}/${key}`;
  }
}

const answer = async <Answer>(asked: Promise<Answer>): Promise<Answer> => {
  try {
    return await asked;
  } catch (error) {
    throw unavailable(error);
  }
};
