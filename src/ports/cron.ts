/** Patterns of recurring times, as `cron` has them, by the clock on the wall of a time zone. */
export interface Cron {
  /**
   * The first time after another, in ms since 1970; nothing where the pattern has no more. A time that a change of the
   * clocks skips comes right after it, and one that they repeat comes once, unless hours or minutes are a wildcard.
   *
   * @param after ms since 1970
   * @throws FanfareError `invalid` for a pattern (field `cron`) or a time zone (field `timeZone`) that is none
   */
  next(pattern: string, timeZone: string, after: number): number | undefined;
}
