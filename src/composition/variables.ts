import * as z from 'zod';

/** Kinds of variables. Each error says what was expected, as it stands between "expected" and "found". */
export const whole = (min: number, max: number) => {
  const expected = `a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+$/, { error: expected })
    .transform(Number)
    .pipe(z.number({ error: expected }).min(min, { error: expected }).max(max, { error: expected }))
    .optional();
};

export const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: `one of ${values.join(', ')}` }).optional();

export const webUrl = (expected = 'an http or https URL') =>
  z
    .string()
    .refine(text => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), { error: expected })
    .transform(text => new URL(text))
    .optional();

export const socketUrl = z
  .string()
  .refine(text => URL.canParse(text) && /^wss?:$/.test(new URL(text).protocol), { error: 'a ws or wss URL' })
  .transform(text => new URL(text))
  .optional();

export const postgresUrl = z
  .string()
  .refine(text => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol), {
    error: 'a URL such as postgres://user:password@host:5432/database',
  })
  .transform(text => new URL(text))
  .optional();

export const valkeyUrl = z
  .string()
  .refine(
    text =>
      URL.canParse(text) &&
      new URL(text).hostname !== '' &&
      new URL(text).search === '' &&
      /^(valkey|redis)s?:$/.test(new URL(text).protocol) &&
      /^(\/\d{0,4})?$/.test(new URL(text).pathname),
    { error: 'a URL such as valkeys://user:password@host:6379' },
  )
  .transform(text => new URL(text))
  .optional();

/** Whom a push service may write to (RFC 8292). */
export const contact = z
  .string()
  .refine(text => URL.canParse(text) && /^(mailto|https):$/.test(new URL(text).protocol), {
    error: 'a mailto: or https: URL',
  })
  .optional();

/** @param bytes of base64url without padding */
export const base64url = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`), {
      error: `${bytes} bytes of base64url without padding`,
    })
    .optional();

/** Each may have `*.` in front, and a port behind it. */
export const hosts = z
  .string()
  .transform(list => list.split(',').map(host => host.trim().toLowerCase()))
  .refine(list => list.every(host => /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/.test(host)), {
    error: 'hosts such as push.example.com or *.example.com, separated by commas',
  })
  .optional();

export const text = (expected = 'some text') => z.string().min(1, { error: expected }).optional();

export const secret = z.string().min(32, { error: 'at least 32 characters' }).optional();

export const origins = z
  .string()
  .transform(list => list.split(',').map(origin => origin.trim()))
  .refine(
    list =>
      list.every(origin => origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin)),
    {
      error: 'origins such as https://app.example.com, separated by commas, or *',
    },
  )
  .optional();
