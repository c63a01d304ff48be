import type { Channel } from '../../../domain/channel.ts';
import { BROADCAST } from '../../../domain/channel.ts';

/** Over how many partitions a channel's members are spread: at least 1 each. */
export interface Shards {
  readonly default: number;
  readonly broadcast: number;
}

export const shardsOf = (channel: Channel, { default: usual, broadcast }: Shards): number =>
  channel === BROADCAST ? broadcast : usual;

/**
 * FNV-1a, 32 bits: spreads ids evenly, whatever they look like. Members are stored under what it says, so it stays as
 * it is.
 *
 * @returns from 0 up to but not including `shards`
 */
export const shardOf = (id: string, shards: number): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % shards;
};
