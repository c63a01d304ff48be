import * as z from 'zod';
import type { ChannelRule, PayloadCheck } from '../domain/channel-policy.ts';
import { fieldErrors } from '../protocol/issues.ts';

/** JSON Schema, understood when the service starts, so that one that cannot be stops it. */
const schema = z.record(z.string(), z.unknown()).transform((value, context): PayloadCheck => {
  try {
    const understood = z.fromJSONSchema(value);
    return data => {
      const parsed = understood.safeParse(data);
      if (parsed.success) return undefined;
      const [first] = fieldErrors(parsed.error, '');
      return { field: within('data', first?.field ?? ''), message: first?.message ?? 'does not fit' };
    };
  } catch (error) {
    context.addIssue({ code: 'custom', message: `a JSON Schema (${String(error)})` });
    return z.NEVER;
  }
});

const rule = z
  .strictObject({
    pattern: z.string().regex(/^[a-z]+(:[A-Za-z0-9._@+=-]*)?\*?$/, {
      error: 'a channel, or a prefix of channels that ends in *',
    }),
    retention: z
      .strictObject({
        messages: z.int().min(1).max(1_000_000).optional(),
        hours: z.number().positive().max(8_760),
      })
      .optional(),
    history: z.boolean().optional(),
    publish: z.enum(['token', 'admin']).optional(),
    schema: schema.optional(),
    presence: z.boolean().optional(),
    rate: z
      .strictObject({
        perSecond: z.number().positive().max(1_000_000),
        burst: z.int().min(1).max(1_000_000),
      })
      .optional(),
  })
  .transform(
    ({ retention, schema: check, ...rest }): ChannelRule => ({
      ...rest,
      ...(check === undefined ? {} : { check }),
      ...(retention === undefined
        ? {}
        : { retention: { maxMessages: retention.messages, maxAgeMs: retention.hours * 3_600_000 } }),
    }),
  );

const within = (whole: string, path: string): string =>
  path === '' || path.startsWith('[') ? `${whole}${path}` : `${whole}.${path}`;

/** The rules for channels, as a JSON array in a variable. */
export const channelRules = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'a JSON array of rules' });
      return z.NEVER;
    }
  })
  .pipe(z.array(rule, { error: 'a JSON array of rules' }).max(100))
  .optional();
