/** A time of day by the clock on the wall: `HH:MM`, from 00:00 to 23:59. */
export type LocalTime = `${number}:${number}`;

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * The first time of a cron pattern after another, in ms since 1970, as the port `Cron` promises it: so all local times
 * follow one policy when the clocks are changed.
 */
export type NextTime = (pattern: string, timeZone: string, after: number) => number | undefined;

/** The pattern of a time on every day, or on one day of the week. */
export const patternOf = (time: LocalTime, on?: Weekday): string => {
  const [hour, minute] = time.split(':').map(Number);
  return `${minute} ${hour} * * ${on === undefined ? '*' : on.slice(0, 3).toUpperCase()}`;
};
