import type { IdGenerator } from '../../ports/id-generator.ts';

const RANDOM_BYTES = 10;
const TIME_CHARACTERS = 9;
/** Asking the system for randomness costs the same for 10 bytes as for so many. */
const POOL_BYTES = 4_000;

/** Time in base 36, then 80 random bits: 25 characters that sort by the millisecond and cannot be guessed. */
export class RandomIds implements IdGenerator {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  #used = POOL_BYTES;

  next(): string {
    const time = Date.now().toString(36).padStart(TIME_CHARACTERS, '0');
    if (this.#used === POOL_BYTES) {
      crypto.getRandomValues(this.#pool);
      this.#used = 0;
    }
    const random = this.#pool.toString('hex', this.#used, this.#used + RANDOM_BYTES);
    this.#used += RANDOM_BYTES;
    return time + random;
  }

  random(): number {
    return Math.random();
  }
}
