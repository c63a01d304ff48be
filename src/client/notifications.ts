import type { Channel, Handler, IterateOptions, SubscribeOptions, Subscription, Waiting } from './channel.ts';
import type { Inbox, InboxChange, InboxQuery, Message, Notification, Unrecoverable } from './messages.ts';

/** A message that is a notification. Its `messageId` is what `mark` and `ack` take. */
export type Notice = Message & { readonly notification: Notification };

/** What notifications need of their client. */
export interface NotificationsParts {
  /** The user's own channel, as soon as the server has said who the user is. */
  readonly channel: (signal?: AbortSignal) => Promise<Channel>;
  readonly inbox: (query: InboxQuery & Waiting) => Promise<Inbox>;
  readonly onGap: (listener: (gap: Unrecoverable) => void, signal: AbortSignal) => void;
  readonly error: (error: unknown) => void;
}

/** A user's own notifications and what became of them, on whichever screen. */
export class Notifications {
  readonly #parts: NotificationsParts;

  constructor(parts: NotificationsParts) {
    this.#parts = parts;
  }

  /** Each notification from now on, or from `since`, once and in order. */
  subscribe(handler: (notice: Notice) => unknown, options?: SubscribeOptions): Subscription {
    return this.#subscribe(message => isNotice(message) && handler(message), options).subscription;
  }

  /** As `for await (const { notification } of client.notifications())`. */
  async *messages(options: IterateOptions = {}): AsyncGenerator<Notice, void, undefined> {
    const channel = await this.#parts.channel(options.signal);
    for await (const message of channel.messages(options)) if (isNotice(message)) yield message;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Notice, void, undefined> {
    return this.messages();
  }

  /** What is marked, on this screen or another. */
  changes(handler: (change: InboxChange) => unknown, options?: Waiting): Subscription {
    return this.#subscribe(({ inbox }) => inbox && handler(inbox), options).subscription;
  }

  /** How many are unread: once at first, and whenever that has changed. */
  unread(listener: (count: number) => unknown, options?: Waiting): Subscription {
    let told: number | undefined;
    let reading = false;
    let stale = false;
    const read = async () => {
      stale = true;
      if (reading) return;
      reading = true;
      try {
        // What came while it was being counted may be in the count or not.
        while (stale) {
          stale = false;
          const { unread } = await this.#parts.inbox({ limit: 0, signal });
          if (unread === told || signal.aborted) continue;
          told = unread;
          listener(unread);
        }
      } catch (error) {
        if (!signal.aborted) this.#parts.error(error);
      } finally {
        reading = false;
      }
    };
    const { subscription, signal } = this.#subscribe(message => {
      if (isNotice(message) || message.inbox) void read();
    }, options);
    subscription.ready.then(read, () => {});
    this.#parts.onGap(read, signal);
    return subscription;
  }

  #subscribe(handler: Handler, { since, signal: given }: SubscribeOptions = {}) {
    given?.throwIfAborted();
    const stop = new AbortController();
    const signal = given ? AbortSignal.any([given, stop.signal]) : stop.signal;
    const ready = this.#parts
      .channel(signal)
      .then(channel => channel.subscribe(handler, { since, signal }).ready);
    ready.catch(() => {});
    const unsubscribe = () => stop.abort();
    const subscription: Subscription = { ready, unsubscribe, [Symbol.dispose]: unsubscribe };
    return { subscription, signal };
  }
}

const isNotice = (message: Message): message is Notice => message.notification !== undefined;
