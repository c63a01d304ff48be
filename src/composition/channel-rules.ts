import * as z from 'zod/mini';
import type { ChannelRule, PayloadCheck } from '../domain/channel-policy.ts';

/** How a rule's JSON Schema becomes a check; throws where it cannot. */
export type Understand = (schema: Readonly<Record<string, unknown>>) => PayloadCheck;

/** Understood when the service starts, so that a schema that cannot be stops it. */
const schemaBy = (understand: Understand) =>
  z.pipe(
    z.record(z.string(), z.unknown()),
    z.transform((input, context): PayloadCheck => {
      try {
        return understand(input);
      } catch (error) {
        context.issues.push({ code: 'custom', input, message: `a JSON Schema (${String(error)})` });
        return z.NEVER;
      }
    }),
  );

const PATTERN = /^[a-z]+(:[A-Za-z0-9._@+=-]*)?\*?$/;

const ruleBy = (understand: Understand) =>
  z.pipe(
    z.strictObject({
      pattern: z.string().check(z.regex(PATTERN, 'a channel, or a prefix of channels that ends in *')),
      retention: z.optional(
        z.strictObject({
          messages: z.optional(z.int().check(z.minimum(1), z.maximum(1_000_000))),
          hours: z.number().check(z.positive(), z.maximum(8_760)),
        }),
      ),
      history: z.optional(z.boolean()),
      publish: z.optional(z.enum(['token', 'admin'])),
      schema: z.optional(schemaBy(understand)),
      presence: z.optional(z.boolean()),
      rate: z.optional(
        z.strictObject({
          perSecond: z.number().check(z.positive(), z.maximum(1_000_000)),
          burst: z.int().check(z.minimum(1), z.maximum(1_000_000)),
        }),
      ),
    }),
    z.transform(
      ({ retention, schema: check, ...rest }): ChannelRule => ({
        ...rest,
        ...(check === undefined ? {} : { check }),
        ...(retention === undefined
          ? {}
          : { retention: { maxMessages: retention.messages, maxAgeMs: retention.hours * 3_600_000 } }),
      }),
    ),
  );

const json = z.transform((input: string, context): unknown => {
  try {
    return JSON.parse(input);
  } catch {
    context.issues.push({ code: 'custom', input, message: 'a JSON array of rules' });
    return z.NEVER;
  }
});

/** As it is written down. */
export type ChannelRuleInput = z.input<ReturnType<typeof ruleBy>>;

/** The rules for channels, as a JSON array in a variable. */
export const channelRules = (understand: Understand) =>
  z.optional(
    z.pipe(
      z.pipe(z.string(), json),
      z.array(ruleBy(understand), 'a JSON array of rules').check(z.maxLength(100)),
    ),
  );
