import { z } from 'zod';
import type { ChannelRuleInput } from '../src/composition/channel-rules.ts';
import { channelRules } from '../src/composition/channel-rules.ts';
import { payloadCheck } from '../src/composition/payload-check.ts';

/** Lambda takes 4 KB of variables a function; the others need less than half of it. */
const MAX_BYTES = 2_500;

/** The rules for channels, as docs/configuration.md explains them, checked as the functions will. */
export const channels = z
  .custom<readonly ChannelRuleInput[]>(Array.isArray, { error: 'a list of rules' })
  .superRefine((rules, context) => {
    const text = JSON.stringify(rules);
    const parsed = channelRules(payloadCheck).safeParse(text);
    for (const { path, message } of parsed.error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_BYTES) {
      const message = `rules of ${MAX_BYTES} bytes as JSON, since a function's variables have 4 KB; here ${bytes}`;
      context.addIssue({ code: 'custom', message });
    }
  });
