import type { ChannelParts, Waiting } from './channel.ts';
import { Channel } from './channel.ts';
import type { ConnectionOptions } from './connection.ts';
import { Connection } from './connection.ts';
import { Emitter } from './emitter.ts';
import { FanfareError } from './errors.ts';
import type { Inbox, InboxQuery, MarkAs, Unrecoverable } from './messages.ts';
import { Notifications } from './notifications.ts';
import { Outbox } from './outbox.ts';
import type { Runtime } from './runtime.ts';
import { randomKey, systemRuntime } from './runtime.ts';
import type { State } from './state.ts';
import { Subscriptions } from './subscriptions.ts';
import { claimsOf } from './token.ts';
import type { Transport } from './transport.ts';
import { webSocket } from './transport.ts';

export interface FanfareOptions {
  /** The socket's: `ws://127.0.0.1:8080/ws`, or with `http` in place of `ws`. */
  readonly url: string | URL;
  /** A token that stays the same: when it expires, the client is closed. */
  readonly token?: string;
  /**
   * Asked before every connection, also for the next one before a token expires. `null` says that the user is signed out,
   * and closes the client; what it throws is told as an `error`, and it is asked again after a while.
   */
  readonly getToken?: ConnectionOptions['getToken'];
  /** After so long without a frame the server is asked whether it is still there. 2 minutes unless told; below 10. */
  readonly pingIntervalMs?: number;
  /** Messages that may wait to be sent, 100 unless told. */
  readonly maxQueued?: number;
  /** Closes the client. */
  readonly signal?: AbortSignal;
  /** The platform's WebSocket unless told. */
  readonly transport?: Transport;
  /** Time and chance, for tests. */
  readonly runtime?: Partial<Runtime>;
}

export interface FanfareEvents {
  readonly state: State;
  /** Part of a channel's log is lost to this client; what follows comes after this event. */
  readonly unrecoverable: Unrecoverable;
  /** What a handler threw, a subscription was refused with, or getToken failed with. Logged where nobody listens. */
  readonly error: unknown;
}

/** A client: connects at once, and stays connected until it is closed. */
export class Fanfare implements Disposable {
  readonly #events = new Emitter<FanfareEvents>();
  readonly #connection: Connection;
  readonly #subscriptions: Subscriptions;
  readonly #parts: ChannelParts;

  constructor({ url, token, getToken, signal, ...options }: FanfareOptions) {
    const runtime = { ...systemRuntime, ...options.runtime };
    if ((token === undefined) === (getToken === undefined)) {
      throw new FanfareError('invalid', 'expected token or getToken', { field: 'token' });
    }
    const error = (thrown: unknown) => this.#events.emit('error', thrown);
    this.#subscriptions = new Subscriptions({
      runtime,
      links: () => this.#connection.links,
      unrecoverable: gap => this.#events.emit('unrecoverable', gap),
      error,
    });
    this.#connection = new Connection(
      {
        url: String(url).replace(/^http/, 'ws'),
        getToken: getToken ?? (() => token as string),
        tokenEndsAt: (claimsOf(token ?? '').exp ?? Number.POSITIVE_INFINITY) * 1e3,
        pingMs: options.pingIntervalMs ?? 12e4,
        runtime,
        transport: options.transport ?? webSocket,
      },
      {
        state: state => this.#changed(state),
        push: message => this.#subscriptions.push(message),
        follow: link => this.#subscriptions.follow(link),
        error,
      },
    );
    const outbox = new Outbox(options.maxQueued ?? 100, (frame, aborted) =>
      this.#connection.request(frame, aborted),
    );
    this.#parts = {
      subscriptions: this.#subscriptions,
      request: (frame, aborted) => this.#connection.request(frame, aborted),
      send: (channel, data, { key = randomKey(), signal: aborted }) =>
        outbox.send(channel, data, key, aborted),
      error,
    };
    if (signal?.aborted) this.close();
    signal?.addEventListener('abort', () => this.close());
  }

  get state(): State {
    return this.#connection.state;
  }

  /** @returns how to stop listening */
  on<Type extends keyof FanfareEvents>(
    type: Type,
    listener: (event: FanfareEvents[Type]) => void,
    { signal }: Waiting = {},
  ): () => void {
    return this.#events.on(type, listener, signal);
  }

  /** Waits until it is connected. @throws FanfareError `closed` */
  async connected({ signal }: Waiting = {}): Promise<Extract<State, { name: 'connected' }>> {
    await this.#connection.up(signal);
    return this.state as Extract<State, { name: 'connected' }>;
  }

  channel(name: string): Channel {
    return new Channel(name, this.#parts);
  }

  /** The user's own notifications, live. */
  notifications(): Notifications {
    return new Notifications({
      channel: async signal => this.channel(`user:${(await this.connected({ signal })).user}`),
      inbox: query => this.inbox(query),
      onGap: (listener, signal) => this.#events.on('unrecoverable', listener, signal),
      error: this.#parts.error,
    });
  }

  /** The notifications that were sent to the user, the newest first. */
  inbox({ signal, ...query }: InboxQuery & Waiting = {}): Promise<Inbox> {
    return this.#parts.request({ action: 'inbox', ...query }, signal);
  }

  /** @param messageIds up to 100, or `'all'` with `read` */
  mark(
    as: MarkAs,
    messageIds: readonly string[] | 'all',
    { signal }: Waiting = {},
  ): Promise<{ unread: number }> {
    const which = messageIds === 'all' ? { all: true } : { messageIds };
    return this.#parts.request({ action: 'mark', as, ...which }, signal);
  }

  /** Tells that notifications were shown to a person, who then need not be reached by other means. */
  async ack(messageIds: readonly string[], { signal }: Waiting = {}): Promise<void> {
    await this.#parts.request({ action: 'ack', messageIds }, signal);
  }

  /** For good: what waits is rejected with `closed`, and iterations end. */
  close(): void {
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #changed(state: State): void {
    if (state.name === 'closed') {
      const error = new FanfareError('closed', `the client is closed: ${state.reason}`);
      this.#subscriptions.end(state.reason === 'closed' ? undefined : error);
    }
    this.#events.emit('state', state);
  }
}
