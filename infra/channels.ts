import { z } from 'zod';
import type { ChannelRuleInput } from '../src/composition/channel-rules.ts';
import { channelRules } from '../src/composition/channel-rules.ts';
import { payloadCheck } from '../src/composition/payload-check.ts';
import { tooLong } from './too-long.ts';

/** The rules for channels, as docs/configuration.md explains them, checked as the functions will. */
export const channels = z
  .custom<readonly ChannelRuleInput[]>(Array.isArray, { error: 'a list of rules' })
  .superRefine((rules, context) => {
    const text = JSON.stringify(rules);
    const parsed = channelRules(payloadCheck).safeParse(text);
    for (const { path, message } of parsed.error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
    const problem = tooLong('rules', rules);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });
