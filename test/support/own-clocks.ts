const MINUTE_MS = 60_000;
const OFFSET_MS = 5.75 * 60 * MINUTE_MS;

/** A quarter of an hour off most of the world, and never changed. */
export const TIME_ZONE = 'Asia/Kathmandu';

/** The first whole minute that leaves a test the time to be ready for it. */
export const soon = (readyWithinMs: number): number =>
  Math.ceil((Date.now() + readyWithinMs) / MINUTE_MS) * MINUTE_MS;

/** By the clocks of {@link TIME_ZONE}. */
export const localTime = (at: number): string => new Date(at + OFFSET_MS).toISOString().slice(11, 16);

/** Quiet hours that began long ago. */
export const quietUntil = (end: number) => ({
  start: localTime(end - 120 * MINUTE_MS),
  end: localTime(end),
  urgentPasses: false,
});
