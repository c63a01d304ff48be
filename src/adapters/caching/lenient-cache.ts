import type { Cache } from '../../ports/cache.ts';
import type { OutageLogPorts } from '../system/outage-log.ts';
import { OutageLog } from '../system/outage-log.ts';

/**
 * Knows nothing while the cache behind it fails. For values that are found out to be wrong when they are used: what could
 * not be deleted may be found again.
 */
export class LenientCache<Value> implements Cache<Value> {
  readonly #inner: Cache<Value>;
  readonly #outage: OutageLog;

  constructor({ inner, ...ports }: OutageLogPorts & { readonly inner: Cache<Value> }) {
    this.#inner = inner;
    this.#outage = new OutageLog('cache', ports);
  }

  get(key: string): Promise<Value | undefined> {
    return this.#tried(() => this.#inner.get(key));
  }

  async set(key: string, value: Value, ttlMs: number): Promise<void> {
    await this.#tried(() => this.#inner.set(key, value, ttlMs));
  }

  async delete(key: string): Promise<void> {
    await this.#tried(() => this.#inner.delete(key));
  }

  async #tried<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await ask();
    } catch (error) {
      this.#outage.failed(error);
      return undefined;
    }
  }
}
