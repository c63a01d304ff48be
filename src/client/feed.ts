import { FanfareError } from './errors.ts';
import type { Link } from './link.ts';
import type { Message, Position, Unrecoverable } from './messages.ts';
import { awaited } from './runtime.ts';
import type { Sink } from './sequencer.ts';
import { Sequencer } from './sequencer.ts';

/** One who was subscribed: a handler, or an iteration. */
export interface Taker {
  take(message: Message): void;
  /** Nothing comes any more; without an error the application wished so. */
  end(error?: Error): void;
}

/** One channel that the application follows, for all who take from it. */
export class Feed implements Sink {
  readonly channel: string;
  readonly sequencer: Sequencer;
  readonly takers = new Set<Taker>();
  /** Resolved by the server's first answer. */
  readonly ready = awaited<Position>();
  /** The link on which its log is being asked for. */
  asking: Link | undefined;
  /** Whether a look at whether it is behind is planned. */
  watched = false;
  /** Those who have no room: while there is one, nothing is handed on, and what arrives is asked for afterwards. */
  readonly #full = new Set<Taker>();
  readonly #unrecoverable: (gap: Unrecoverable) => void;

  constructor(channel: string, since: Position | undefined, unrecoverable: (gap: Unrecoverable) => void) {
    this.channel = channel;
    this.sequencer = new Sequencer(channel, since, this);
    this.#unrecoverable = unrecoverable;
  }

  get paused(): boolean {
    return this.#full.size > 0;
  }

  setFull(taker: Taker, full: boolean): void {
    if (full) this.#full.add(taker);
    else this.#full.delete(taker);
  }

  push(message: Message): void {
    if (this.paused) this.sequencer.miss();
    else this.sequencer.push(message);
  }

  message(message: Message): void {
    for (const taker of [...this.takers]) taker.take(message);
  }

  /** An answer that comes when nobody takes from the channel any more is nobody's concern. */
  unrecoverable(gap: Unrecoverable): void {
    if (this.takers.size > 0) this.#unrecoverable(gap);
  }

  end(error?: Error): void {
    this.asking = undefined;
    this.ready.reject(error ?? new FanfareError('closed', 'the client is closed'));
    for (const taker of this.takers) taker.end(error);
  }
}
