import type { History, Message, Position, Unrecoverable } from './messages.ts';

/** The answer to a subscription, about one channel. */
export interface Subscribed {
  readonly channel: string;
  readonly position: Position;
  readonly recovered: boolean;
  readonly messages: readonly Message[];
}

/** Where messages go: each once, in order, a gap being told before what follows it. */
export interface Sink {
  message(message: Message): void;
  unrecoverable(gap: Unrecoverable): void;
}

/** Messages ahead of a gap that are kept; what is beyond comes with the answer that fills the gap. */
const MOST_HELD = 300;

/**
 * Makes a log of what arrives: pushes come at least once and in any order, and answers say where the log is. It does no
 * input or output; whoever drives it subscribes again whenever it is `behind`.
 */
export class Sequencer {
  readonly #channel: string;
  readonly #sink: Sink;
  #position: Position | undefined;
  /** The highest offset that the log is known to have. */
  #newest = 0;
  readonly #held = new Map<number, Message>();
  /** Something arrived that only an answer to a later question can place. */
  #doubt = false;

  constructor(channel: string, since: Position | undefined, sink: Sink) {
    this.#channel = channel;
    this.#position = since;
    this.#sink = sink;
  }

  /** The last place that was handed on. */
  get position(): Position | undefined {
    return this.#position;
  }

  /** Whether the log is known to have more than was handed on. */
  get behind(): boolean {
    return this.#doubt || this.#newest > (this.#position?.offset ?? 0);
  }

  push(message: Message): void {
    // Before the first answer nobody knows what a message follows; of another epoch, nobody knows which is the later.
    if (message.epoch === this.#position?.epoch) this.#accept(message);
    else this.#doubt = true;
  }

  /** Whatever arrives is left to be asked for, since there is no room for it now. */
  miss(): void {
    this.#doubt = true;
  }

  /** What the next question is about; its answer must be given with it. */
  ask(): Position | undefined {
    this.#doubt = false;
    return this.#position;
  }

  /** @returns whether only history can say what is missing */
  answer(asked: Position | undefined, { position, recovered, messages }: Subscribed): boolean {
    const at = this.#position;
    if (!at) {
      this.#position = position;
      return false;
    }
    const current = asked?.epoch === at.epoch;
    if (position.epoch !== at.epoch || (current && position.offset < asked.offset)) {
      // An answer to a question of before the epoch that we are in: late, and about neither.
      if (current) this.#restart(at, position);
      else this.#doubt = true;
      return false;
    }
    this.#newest = Math.max(this.#newest, position.offset);
    for (const message of messages) this.#accept(message);
    return current && !recovered && this.behind;
  }

  /** A page of the log after the present place. */
  page({ messages, position, trimmed }: History): void {
    if (position.epoch !== this.#position?.epoch) {
      this.#doubt = true;
      return;
    }
    this.#newest = Math.max(this.#newest, position.offset);
    if (trimmed) this.skip((messages[0]?.offset ?? position.offset + 1) - 1, 'trimmed');
    for (const message of messages) this.#accept(message);
  }

  /** Goes on after `offset`: what is up to there cannot be had. */
  skip(offset: number, reason: Unrecoverable['reason']): void {
    const at = this.#position;
    if (!at || offset <= at.offset) return;
    this.#position = { epoch: at.epoch, offset };
    this.#sink.unrecoverable({ channel: this.#channel, from: at, to: this.#position, reason });
    for (const held of this.#held.keys()) if (held <= offset) this.#held.delete(held);
    this.#drain();
  }

  #restart(from: Position, { epoch, offset }: Position): void {
    this.#held.clear();
    this.#newest = offset;
    this.#position = { epoch, offset: epoch === from.epoch ? offset : 0 };
    this.#sink.unrecoverable({ channel: this.#channel, from, to: this.#position, reason: 'epoch' });
  }

  #accept(message: Message): void {
    const { offset } = message;
    const next = (this.#position?.offset ?? 0) + 1;
    if (offset < next) return;
    this.#newest = Math.max(this.#newest, offset);
    if (offset === next || this.#held.size < MOST_HELD) this.#held.set(offset, message);
    this.#drain();
  }

  #drain(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      const { epoch, offset } = next;
      this.#held.delete(offset);
      this.#position = { epoch, offset };
      this.#sink.message(next);
    }
  }

  #next(): Message | undefined {
    return this.#held.get((this.#position?.offset ?? 0) + 1);
  }
}
