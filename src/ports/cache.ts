/** A bounded memory that may forget anything at any time, and does so at the latest when an entry's time is over. */
export interface Cache<Value> {
  get(key: string): Promise<Value | undefined>;

  /** @param ttlMs at least 1 */
  set(key: string, value: Value, ttlMs: number): Promise<void>;

  delete(key: string): Promise<void>;
}
