const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;

/** What the clocks of a time zone show. What they show is told as ms since 1970, as if they were in UTC. */
export class WallClock {
  readonly #format: Intl.DateTimeFormat;

  /** @throws RangeError for a time zone that is none */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** @param at ms since 1970; milliseconds are cut off */
  shows(at: number): number {
    const parts = this.#format.formatToParts(at);
    const of = (type: Intl.DateTimeFormatPartTypes): number =>
      Number(parts.find(part => part.type === type)?.value);
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  }

  /** When the clocks were changed past what they never showed; nothing for what they did. */
  changeOver(shown: number): number | undefined {
    const [before, after] = [this.#offset(shown - DAY_MS), this.#offset(shown + DAY_MS)];
    if (before >= after || this.shows(shown - before) === shown || this.shows(shown - after) === shown)
      return undefined;
    let [low, high] = [shown - after, shown - before];
    while (high - low > SECOND_MS) {
      const middle = Math.floor((low + high) / 2 / SECOND_MS) * SECOND_MS;
      if (this.#offset(middle) === before) low = middle;
      else high = middle;
    }
    return high;
  }

  #offset(at: number): number {
    return this.shows(at) - at;
  }
}
