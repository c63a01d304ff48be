import type { Cache } from '../../ports/cache.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { OutageLogPorts } from '../system/outage-log.ts';
import { OutageLog } from '../system/outage-log.ts';
import { Distrust } from './distrust.ts';

/** What is kept of an answer; of none, that there was none. */
export interface Kept<Value> {
  readonly value?: Value;
}

export interface CachedLookupOptions<Value> extends OutageLogPorts {
  /** What is looked up, as it is counted. */
  readonly name: string;
  readonly cache: Cache<Kept<Value>>;
  readonly ids: IdGenerator;
}

/** The longest that another process may go on with what was true. */
export const LONGEST_KEPT_MS = 60_000;
/** That there is nothing is the first thing that changes about somebody new. */
const LONGEST_NOTHING_MS = 10_000;
/** Of a time, what is left to chance: what was read at one moment shall not have to be read again at one moment. */
const JITTER = 0.2;

/** From the first who asks until the answer is kept. */
interface Flight<Value> {
  /** Whether nothing has been written since it began. */
  current: boolean;
  readonly value: Promise<Value>;
  keeping?: Promise<void>;
}

/**
 * Answers from a cache what was looked up a moment ago. Many who look up one key at a time wait for one answer.
 *
 * What is written through `changing` is seen by every lookup of this process that starts after it, whatever happens to
 * the cache: a lookup that began before is neither joined nor kept, and an entry that could not be deleted is not
 * trusted. Other processes over the same cache see it too, but for a lookup of theirs that began before, or a deletion
 * that failed; then, and where each process has a cache of its own, after a minute at the latest.
 */
export class CachedLookup<Value> {
  readonly #options: CachedLookupOptions<Value>;
  readonly #outage: OutageLog;
  readonly #distrust: Distrust;
  readonly #flights = new Map<string, Flight<Value>>();

  constructor(options: CachedLookupOptions<Value>) {
    this.#options = options;
    this.#outage = new OutageLog('cache', options);
    this.#distrust = new Distrust({ clock: options.clock, lastingMs: LONGEST_KEPT_MS });
  }

  /** @param load gives the answer where it is not known; what it rejects with is not kept */
  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const under = this.#flights.get(key);
    if (under !== undefined) {
      this.#count('hit');
      return under.value;
    }
    const flight: Flight<Value> = { current: true, value: this.#lookUp(key, load, () => flight) };
    this.#flights.set(key, flight);
    const land = async (): Promise<void> => {
      await flight.keeping;
      if (flight.current) this.#flights.delete(key);
    };
    flight.value.then(land, land);
    return flight.value;
  }

  /** Writes what is looked up by the key, which is forgotten also when that fails, perhaps after it was done. */
  async changing<Result>(key: string, write: () => Promise<Result>): Promise<Result> {
    try {
      return await write();
    } finally {
      await this.forget(key);
    }
  }

  async forget(key: string): Promise<void> {
    const flight = this.#flights.get(key);
    if (flight !== undefined) flight.current = false;
    this.#flights.delete(key);
    try {
      await this.#options.cache.delete(key);
    } catch (error) {
      this.#distrust.add(key);
      this.#outage.failed(error);
    }
  }

  async #lookUp(key: string, load: () => Promise<Value>, own: () => Flight<Value>): Promise<Value> {
    const kept = await this.#known(key);
    this.#count(kept === undefined ? 'miss' : 'hit');
    if (kept !== undefined) return kept.value as Value;
    const value = await load();
    const flight = own();
    // Nobody waits for that; it is on its way before any deletion that follows.
    if (flight.current) flight.keeping = this.#keep(key, value, flight);
    return value;
  }

  /** @param outcome a hit where the database was spared */
  #count(outcome: 'hit' | 'miss'): void {
    const { name, metrics } = this.#options;
    metrics.count('cache_lookups_total', { cache: name, outcome });
  }

  async #known(key: string): Promise<Kept<Value> | undefined> {
    if (this.#distrust.has(key)) return undefined;
    try {
      return await this.#options.cache.get(key);
    } catch (error) {
      this.#outage.failed(error);
      return undefined;
    }
  }

  async #keep(key: string, value: Value, flight: Flight<Value>): Promise<void> {
    const { cache, ids } = this.#options;
    const isNothing = value === undefined || (Array.isArray(value) && value.length === 0);
    const longestMs = isNothing ? LONGEST_NOTHING_MS : LONGEST_KEPT_MS;
    try {
      await cache.set(key, { value }, Math.round(longestMs * (1 - JITTER * ids.random())));
      if (flight.current) this.#distrust.delete(key);
    } catch (error) {
      this.#outage.failed(error);
    }
  }
}
