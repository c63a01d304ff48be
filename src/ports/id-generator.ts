/** The only source of randomness. */
export interface IdGenerator {
  /**
   * A new id: 1 to 64 URL-safe characters, never the same twice, later ones sorting after earlier ones by time, and
   * not to be guessed from others.
   */
  next(): string;

  /** An even draw from 0 up to but not including 1, for jitter. */
  random(): number;
}
