import type { LogPage, LogQuery, MessageStore } from '../../ports/message-store.ts';
import type { Channel } from '../channel.ts';
import type { ChannelPolicies } from '../channel-policy.ts';
import { FanfareError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import { requireCapability } from '../identity.ts';

/** Messages in one answer. */
export const HISTORY_LIMIT = { default: 50, max: 300 } as const;

export interface HistoryQuery {
  readonly after?: number;
  readonly before?: number;
  readonly limit?: number;
}

/** Reads a channel's log, for those who may. */
export class History {
  readonly #ports: { readonly store: MessageStore; readonly policies: ChannelPolicies };

  constructor(ports: { store: MessageStore; policies: ChannelPolicies }) {
    this.#ports = ports;
  }

  /**
   * @throws FanfareError `forbidden` without the capability or where the channel's past cannot be read, `invalid` for
   *   both directions at once
   */
  async execute(identity: Identity, channel: Channel, query: HistoryQuery): Promise<LogPage> {
    requireCapability(identity, 'history', channel);
    if (!this.#ports.policies.of(channel).history) {
      throw new FanfareError('forbidden', `${channel} has no history to read`, { field: 'channel' });
    }
    if (query.after !== undefined && query.before !== undefined) {
      throw new FanfareError('invalid', 'expected after or before, not both', { field: 'before' });
    }
    const log: LogQuery = {
      ...query,
      limit: Math.min(query.limit ?? HISTORY_LIMIT.default, HISTORY_LIMIT.max),
    };
    return this.#ports.store.read(channel, log);
  }
}
