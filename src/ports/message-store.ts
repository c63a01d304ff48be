import type { Channel } from '../domain/channel.ts';
import type { Message, MessageDraft, Position } from '../domain/message.ts';

export interface Appended {
  readonly position: Position;
  /** True when a message of this id stood in the channel already; then nothing was written. */
  readonly duplicate: boolean;
}

export interface LogQuery {
  /** Offsets above this one, oldest first. 0 for the start. Not together with `before`. */
  readonly after?: number;
  /** Offsets below this one, newest first; the newest of all without either. */
  readonly before?: number;
  /** At the most so many; at least 1. */
  readonly limit: number;
}

export interface LogPage {
  /** Always in ascending order of offset, and without a gap. */
  readonly messages: readonly Message[];
  /** The channel's newest place at the time of the read. */
  readonly position: Position;
  /** Nothing further is kept in the direction asked for. */
  readonly complete: boolean;
  /** Some of what was asked for is no longer kept. */
  readonly trimmed: boolean;
}

/**
 * A log per channel.
 *
 * Offsets are contiguous, and once a reader has seen one it never later finds something new below it. An epoch lasts as
 * long as its channel's log: a log that was lost starts anew under another epoch. Retention trims the oldest entries by
 * count and age, and never gives an offset out twice within an epoch.
 */
export interface MessageStore {
  /** Gives the message the channel's next offset, once: within retention, the same id gets its first position back. */
  append(draft: MessageDraft): Promise<Appended>;

  /** Sees every append that ended before it. A channel that nobody wrote to is an empty one. */
  read(channel: Channel, query: LogQuery): Promise<LogPage>;

  /** The newest place; offset 0 where nothing was written, under the epoch that the first append will have. */
  position(channel: Channel): Promise<Position>;

  /** Loses the whole log, so that nothing of it can be read by anyone; what is appended after it begins anew. */
  erase(channel: Channel): Promise<void>;
}
