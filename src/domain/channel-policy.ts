import type { Channel } from './channel.ts';
import { subjectOf } from './channel.ts';
import type { Json } from './message.ts';

/** How many messages a channel keeps, and for how long; whichever ends first. */
export interface Retention {
  /** At least 1; no limit where absent. */
  readonly maxMessages?: number;
  /** ms, counted from `sentAt`; at least 1,000. */
  readonly maxAgeMs: number;
}

export const DEFAULT_RETENTION = { maxMessages: 1_000, maxAgeMs: 86_400_000 } as const satisfies Retention;

/** @returns what is wrong with a payload, and where in it; undefined for a good one */
export type PayloadCheck = (data: Json) => { readonly field: string; readonly message: string } | undefined;

/** What holds in a channel, whoever comes. */
export interface ChannelPolicy {
  readonly retention: Retention;
  /** Whether what was said can be read later, by history or when resuming. */
  readonly history: boolean;
  /** Who may publish: those whose token says so, or only an admin's. */
  readonly publish: 'token' | 'admin';
  /** What a message's `data` must satisfy; anything goes where absent. */
  readonly check?: PayloadCheck;
  /** Whether it is known who is here. */
  readonly presence: boolean;
  /** Messages that the channel takes, from all together. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
}

/** A policy's parts for the channels that a pattern names: a channel, or a prefix that ends in `*`. */
export interface ChannelRule extends Partial<ChannelPolicy> {
  readonly pattern: string;
}

/** Comings and goings are of no interest for long. */
const PRESENCE_RETENTION: Retention = { maxMessages: 1_000, maxAgeMs: 3_600_000 };

/** Which policy holds where: the first rule that names a channel, over the defaults. */
export class ChannelPolicies {
  readonly #rules: readonly { readonly pattern: string; readonly policy: ChannelPolicy }[];
  readonly #otherwise: ChannelPolicy;
  readonly #ofPresence: ChannelPolicy;
  /** Whether any channel at all keeps presence. */
  readonly keepPresence: boolean;

  constructor(retention: Retention = DEFAULT_RETENTION, rules: readonly ChannelRule[] = []) {
    this.#otherwise = { retention, history: true, publish: 'token', presence: false };
    this.#ofPresence = { ...this.#otherwise, retention: PRESENCE_RETENTION };
    this.#rules = rules.map(({ pattern, ...parts }) => ({
      pattern,
      policy: { ...this.#otherwise, ...parts },
    }));
    this.keepPresence = this.#rules.some(({ policy }) => policy.presence);
  }

  of(channel: Channel): ChannelPolicy {
    if (subjectOf(channel) !== undefined) return this.#ofPresence;
    return this.#rules.find(({ pattern }) => names(pattern, channel))?.policy ?? this.#otherwise;
  }
}

/** Whether a pattern names a channel: it is the channel, or a prefix of it that ends in `*`. */
export const names = (pattern: string, channel: Channel): boolean =>
  pattern.endsWith('*') ? channel.startsWith(pattern.slice(0, -1)) : pattern === channel;
