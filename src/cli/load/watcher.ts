import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL } from '../../protocol/subprotocol.ts';
import { CliError, EXIT } from '../exit.ts';
import type { Target } from '../target.ts';
import { tokenRefused, unreachable } from '../target.ts';
import { clientFrame } from './client-frame.ts';
import { type FrameListener, FrameScanner, offsetIn, tagBefore, tagOf } from './frame-scanner.ts';

/** From dialling to the answer to the subscription. */
const OPEN_WITHIN_MS = 15_000;
// A constant key keeps hashing out of the tool. RFC 6455, 1.3 has this pair.
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/** The server takes no more at the moment: worth another try. */
export class Busy extends Error {}

export interface WatcherEvents {
  /**
   * @param message its number, from 0
   * @param offset its place in the channel's log
   */
  readonly arrived: (message: number, offset: number) => void;
  /** It was subscribed, and the server or the wire ended that. */
  readonly cut: (why: string) => void;
}

/**
 * One socket that follows one channel. It reads frames as bytes, since a library that makes a string or an object of
 * each would be what is measured. It does not come back: what is sent after its end is lost to it.
 */
export class Watcher implements FrameListener {
  readonly #tag: number;
  readonly #scanner = new FrameScanner(this);
  readonly #subscribed = Promise.withResolvers<void>();
  #socket: Duplex | undefined;
  #on: WatcherEvents | undefined;
  #isSubscribed = false;
  #closed = false;

  private constructor(run: string) {
    this.#tag = tagOf(run);
  }

  /**
   * @param run what its messages have in common
   * @throws Busy, or CliError for what another try will not change
   */
  static async open(target: Target, channel: string, run: string): Promise<Watcher> {
    const watcher = new Watcher(run);
    const late = setTimeout(() => watcher.#subscribed.reject(new Busy('no answer')), OPEN_WITHIN_MS);
    const attempt = watcher.#dial(target, channel);
    try {
      await watcher.#subscribed.promise;
      return watcher;
    } catch (error) {
      attempt.destroy();
      watcher.kill();
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  get closed(): boolean {
    return this.#closed;
  }

  watch(on: WatcherEvents): void {
    this.#on = on;
  }

  /** Says goodbye; the server ends the connection. */
  close(): void {
    this.#on = undefined;
    this.#socket?.write(clientFrame('close', Buffer.from([0x03, 0xe8]))); // 1000
  }

  kill(): void {
    this.#socket?.destroy();
  }

  delivery(message: number, marker: number, start: number): void {
    if (tagBefore(marker) === this.#tag) this.#on?.arrived(message, offsetIn(start, marker));
  }

  text(text: string): void {
    if (this.#isSubscribed || !text.includes('"id":"load"')) return;
    const { type, message } = JSON.parse(text) as { readonly type: string; readonly message?: string };
    this.#isSubscribed = type === 'subscribed';
    if (this.#isSubscribed) this.#subscribed.resolve();
    else this.#subscribed.reject(new CliError(message ?? type, EXIT.failed));
  }

  ping(payload: Buffer): void {
    this.#socket?.write(clientFrame('pong', payload));
  }

  broken(why: string): void {
    this.#end(why);
    this.#socket?.end();
  }

  #dial({ socketUrl, token }: Target, channel: string) {
    const { protocol } = new URL(socketUrl);
    const request = (protocol === 'wss:' ? secureRequest : plainRequest)(socketUrl.replace(/^ws/, 'http'), {
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': KEY,
        'sec-websocket-protocol': `${SUBPROTOCOL}, ${BEARER_SUBPROTOCOL_PREFIX}${token}`,
      },
    });
    request.on('upgrade', (response, socket, head) => {
      if (response.headers['sec-websocket-accept'] !== ACCEPT) {
        this.#subscribed.reject(new CliError(`${socketUrl} speaks no WebSocket`, EXIT.failed));
        socket.destroy();
        return;
      }
      this.#socket = socket;
      socket.on('data', bytes => this.#scanner.feed(bytes));
      socket.on('error', error => this.#end(error.message));
      socket.on('close', () => this.#end('closed 1006'));
      socket.write(
        clientFrame('text', Buffer.from(JSON.stringify({ action: 'subscribe', id: 'load', channel }))),
      );
      if (head.length > 0) this.#scanner.feed(head);
    });
    request.on('response', response => {
      response.resume();
      this.#subscribed.reject(refusal(socketUrl, response.statusCode ?? 0));
    });
    request.on('error', error => this.#subscribed.reject(unreachable(socketUrl, error)));
    request.end();
    return request;
  }

  #end(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscribed.reject(new Busy(why));
    if (this.#isSubscribed) this.#on?.cut(why);
  }
}

const refusal = (url: string, status: number): Error => {
  if (status === 401) return tokenRefused(url, 'HTTP 401');
  const words = `${url} answered ${status}`;
  return status === 429 || status >= 500 ? new Busy(words) : new CliError(words, EXIT.failed);
};
