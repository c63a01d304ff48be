import type { ConnectionId } from './ids.ts';
import type { Message } from './message.ts';

/** Why a connection did not get a payload. */
export type DeliveryFailure =
  /** The connection does not exist any more and never will again. */
  | { readonly connectionId: ConnectionId; readonly reason: 'gone' }
  /** It cannot take more just now; the same payload may pass later. */
  | { readonly connectionId: ConnectionId; readonly reason: 'throttled' }
  /** Something else; worth a retry, and `cause` says what for the log. */
  | { readonly connectionId: ConnectionId; readonly reason: 'failed'; readonly cause: string };

/** One message on its way to one page of connections. */
export interface DeliveryJob {
  /** Names the work in logs and dead letters: the message, the page, and after `#` the attempt. */
  readonly id: string;
  readonly message: Message;
  /** Those that, as far as this job knows, have not got it. */
  readonly connectionIds: readonly ConnectionId[];
  /** How many jobs before this one tried; 0 at first. */
  readonly attempt: number;
}

/** A job that was given up, with the last reason, kept until someone redrives or drops it. */
export interface DeadLetter {
  readonly job: DeliveryJob;
  readonly cause: string;
  /** ms since 1970 */
  readonly failedAt: number;
}

/** Dead letters looked at or put back in one go. */
export const REDRIVE_LIMIT = 100;
