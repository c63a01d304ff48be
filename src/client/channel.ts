import type { Taker } from './feed.ts';
import type { Frame } from './link.ts';
import type { History, HistoryQuery, Message, Position, Presence, Receipt } from './messages.ts';
import { abortable } from './runtime.ts';
import type { Subscriptions } from './subscriptions.ts';

export type Handler = (message: Message) => unknown;

export interface Waiting {
  readonly signal?: AbortSignal;
}

export interface SubscribeOptions extends Waiting {
  /**
   * The last place that the application has, of an earlier life: what follows it comes first. Only with a channel's
   * first subscription.
   */
  readonly since?: Position;
}

export interface IterateOptions extends SubscribeOptions {
  /**
   * Messages that wait for the loop, 1,000 unless told. When there are so many the channel is handed on no further, to
   * anyone, until the loop has caught up; what came meanwhile is then fetched from the log.
   */
  readonly buffer?: number;
}

export interface SendOptions extends Waiting {
  /** Up to 64 of `A-Z a-z 0-9 _ -`: sending again with it does not send twice. One is made unless told. */
  readonly key?: string;
}

/** What a channel needs of its client. */
export interface ChannelParts {
  readonly subscriptions: Subscriptions;
  readonly request: <Answer>(frame: Frame, signal?: AbortSignal) => Promise<Answer>;
  readonly send: (channel: string, data: unknown, options: SendOptions) => Promise<Receipt>;
  readonly error: (error: unknown) => void;
}

export class Channel {
  readonly name: string;
  readonly #parts: ChannelParts;

  constructor(name: string, parts: ChannelParts) {
    this.name = name;
    this.#parts = parts;
  }

  /** The last place that was handed to handlers; undefined while the channel is not followed. */
  get position(): Position | undefined {
    return this.#parts.subscriptions.find(this.name)?.sequencer.position;
  }

  /**
   * Hands every message to the handler, once, in order, until unsubscribed or aborted. What the handler throws, or a
   * promise of it rejects with, becomes an `error` event; the promise is not waited for.
   */
  subscribe(handler: Handler, { since, signal }: SubscribeOptions = {}): Subscription {
    const { error } = this.#parts;
    const take = (message: Message) => {
      try {
        const result = handler(message);
        if (result instanceof Promise) result.catch(error);
      } catch (thrown) {
        error(thrown);
      }
    };
    return this.#add({ take, end: () => {} }, since, signal);
  }

  /**
   * The messages from now on, or from `since`; as `for await (const message of channel)`. Ends when the client is closed;
   * throws the signal's reason, or what the server refused the subscription with.
   */
  async *messages({
    since,
    signal,
    buffer = 1e3,
  }: IterateOptions = {}): AsyncGenerator<Message, void, undefined> {
    const { subscriptions } = this.#parts;
    const queue: Message[] = [];
    let wake = () => {};
    let ended: { readonly error?: Error } | undefined;
    const taker: Taker = {
      take: message => {
        if (queue.push(message) >= buffer) subscriptions.find(message.channel)?.setFull(taker, true);
        wake();
      },
      end: error => {
        ended ??= { error };
        wake();
      },
    };
    const subscription = this.#add(taker, since, signal);
    try {
      for (;;) {
        for (const message of queue.splice(0)) yield message;
        if (queue.length > 0) continue;
        signal?.throwIfAborted();
        if (ended?.error) throw ended.error;
        if (ended) return;
        const feed = subscriptions.find(this.name);
        if (feed) subscriptions.resume(feed, taker);
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
    } finally {
      subscription.unsubscribe();
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<Message, void, undefined> {
    return this.messages();
  }

  /**
   * Sends now, or when there is a connection again; those of one channel in their order. Resolves when the message stands
   * in the log, where it stands once, however often it had to be sent. Aborting does not take back what was sent.
   *
   * @throws FanfareError the server's refusal, or `queue-full`
   */
  send(data: unknown, options: SendOptions = {}): Promise<Receipt> {
    return this.#parts.send(this.name, data, options);
  }

  history({ signal, ...query }: HistoryQuery & Waiting = {}): Promise<History> {
    return this.#parts.request({ action: 'history', channel: this.name, ...query }, signal);
  }

  presence({ signal }: Waiting = {}): Promise<Presence> {
    return this.#parts.request({ action: 'presence', channel: this.name }, signal);
  }

  #add(taker: Taker, since?: Position, signal?: AbortSignal): Subscription {
    signal?.throwIfAborted();
    const { subscriptions } = this.#parts;
    const feed = subscriptions.add(this.name, taker, since);
    const unsubscribe = () => {
      signal?.removeEventListener('abort', unsubscribe);
      subscriptions.remove(feed, taker);
    };
    signal?.addEventListener('abort', unsubscribe);
    const ready = abortable(feed.ready.promise, signal);
    // Nobody need wait for it: a refusal is an event as well.
    ready.catch(() => {});
    return { ready, unsubscribe, [Symbol.dispose]: unsubscribe };
  }
}

export interface Subscription extends Disposable {
  /** Resolves when the server follows the channel for us; rejects when it refuses. */
  readonly ready: Promise<Position>;
  unsubscribe(): void;
}
