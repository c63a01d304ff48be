import type { MessageId } from '../../domain/ids.ts';
import type { MessageDraft } from '../../domain/message.ts';
import { within } from './batcher.ts';

/** A draft on its way. */
export interface Entry extends Omit<MessageDraft, 'content'> {
  /** As it is stored. */
  readonly content: string;
  /** Another for every append, so that two of one message's can be told apart. */
  readonly token: string;
}

export interface BatchLimits {
  readonly entries: number;
  /** Of contents. */
  readonly bytes: number;
}

/** How many from the front are within the limits; at least one, if there is one. */
export const fitting = (entries: readonly Entry[], limits: BatchLimits): number =>
  within(limits.bytes, entries.slice(0, limits.entries), ({ content }) => Buffer.byteLength(content));

export const unplaced = (id: MessageId): never => {
  throw new Error(`an append that gave ${id} no place`);
};
