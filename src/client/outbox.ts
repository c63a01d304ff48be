import { FanfareError } from './errors.ts';
import type { Frame } from './link.ts';
import type { Receipt } from './messages.ts';
import { abortable } from './runtime.ts';

/** What waits to be sent: one at a time for each channel, so that messages stand in the log in the order of sending. */
export class Outbox {
  readonly #request: (frame: Frame, signal?: AbortSignal) => Promise<Receipt>;
  readonly #most: number;
  readonly #tails = new Map<string, Promise<unknown>>();
  #waiting = 0;

  constructor(most: number, request: (frame: Frame, signal?: AbortSignal) => Promise<Receipt>) {
    this.#most = most;
    this.#request = request;
  }

  async send(channel: string, data: unknown, key: string, signal?: AbortSignal): Promise<Receipt> {
    if (this.#waiting >= this.#most) {
      throw new FanfareError('queue-full', `${this.#most} messages wait to be sent`, { retryable: true });
    }
    signal?.throwIfAborted();
    // As it is now: whoever changes the object while it waits does not change the message.
    const frame = { action: 'sendMessage', channel, data: structuredClone(data), key };
    this.#waiting++;
    const sent = (this.#tails.get(channel) ?? Promise.resolve()).then(() => this.#request(frame, signal));
    const tail = sent.then(
      () => {},
      () => {},
    );
    this.#tails.set(channel, tail);
    try {
      return await abortable(sent, signal);
    } finally {
      this.#waiting--;
      if (this.#tails.get(channel) === tail) this.#tails.delete(channel);
    }
  }
}
