import * as z from 'zod';

/** An IANA name; offsets such as +01:00, which do not change with the seasons, are none. */
export const timeZoneField = z
  .string()
  .refine(isTimeZone, { error: 'expected an IANA time zone such as Europe/Berlin' })
  .meta({ type: 'string', example: 'Europe/Berlin' });

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name) || name.length > 64) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
