import type { IdGenerator } from '../../ports/id-generator.ts';

const RANDOM_BYTES = 10;
const TIME_CHARACTERS = 9;

/** Time in base 36, then 80 random bits: 25 characters that sort by the millisecond and cannot be guessed. */
export class RandomIds implements IdGenerator {
  next(): string {
    const time = Date.now().toString(36).padStart(TIME_CHARACTERS, '0');
    const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
    let random = '';
    for (const byte of bytes) random += byte.toString(16).padStart(2, '0');
    return time + random;
  }

  random(): number {
    return Math.random();
  }
}
