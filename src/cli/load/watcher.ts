import { WebSocket } from 'ws';
import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL } from '../../protocol/subprotocol.ts';
import { CliError, EXIT } from '../exit.ts';
import type { Target } from '../target.ts';
import { tokenRefused, unreachable } from '../target.ts';

/** From dialling to the answer to the subscription. */
const OPEN_WITHIN_MS = 15_000;

/** The server takes no more at the moment: worth another try. */
export class Busy extends Error {}

export interface Arrival {
  /** The number that the message carries, from 0. */
  readonly message: number;
  /** Its place in the channel's log. */
  readonly offset: number;
}

export interface WatcherEvents {
  readonly arrived: (arrival: Arrival) => void;
  /** It was subscribed, and the server or the wire ended that. */
  readonly cut: (why: string) => void;
}

/** One socket that follows one channel. It does not come back: what is sent after its end is lost to it. */
export class Watcher {
  readonly #socket: WebSocket;
  #on: WatcherEvents | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /**
   * @param mark stands in the text of every message of the run, before its number
   * @throws Busy, or CliError for what another try will not change
   */
  static async open({ socketUrl, token }: Target, channel: string, mark: string): Promise<Watcher> {
    const socket = new WebSocket(socketUrl, [SUBPROTOCOL, BEARER_SUBPROTOCOL_PREFIX + token], {
      handshakeTimeout: OPEN_WITHIN_MS,
      perMessageDeflate: false,
      skipUTF8Validation: true, // the server's own output, thousands of times a second
    });
    const watcher = new Watcher(socket);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const late = setTimeout(() => reject(new Busy('no answer')), OPEN_WITHIN_MS);
    let subscribed = false;
    socket.on('open', () => socket.send(JSON.stringify({ action: 'subscribe', id: 'load', channel })));
    socket.on('message', data => {
      const text = data.toString('latin1');
      const found = text.indexOf(mark);
      if (found >= 0) watcher.#on?.arrived(arrivalIn(text, found + mark.length));
      else if (!subscribed && text.includes('"id":"load"')) {
        const { type, message } = JSON.parse(text) as { readonly type: string; readonly message?: string };
        subscribed = type === 'subscribed';
        if (subscribed) resolve();
        else reject(new CliError(message ?? type, EXIT.failed));
      }
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      reject(refusal(socketUrl, response.statusCode ?? 0));
    });
    socket.on('error', error => reject(unreachable(socketUrl, error)));
    socket.on('close', (code, reason) => {
      const why = `closed ${code} ${reason.toString()}`.trim();
      reject(new Busy(why));
      if (subscribed) watcher.#on?.cut(why);
    });
    try {
      await promise;
      return watcher;
    } catch (error) {
      socket.terminate();
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  get closed(): boolean {
    return this.#socket.readyState === WebSocket.CLOSED;
  }

  watch(on: WatcherEvents): void {
    this.#on = on;
  }

  close(): void {
    this.#on = undefined;
    this.#socket.close();
  }

  kill(): void {
    this.#socket.terminate();
  }
}

const OFFSET = '"offset":';

const arrivalIn = (text: string, at: number): Arrival => ({
  message: numberAt(text, at),
  offset: numberAt(text, text.indexOf(OFFSET) + OFFSET.length),
});

/** The digits from `at` on: much sooner told than by parsing all of the frame. */
const numberAt = (text: string, at: number): number => {
  let number = 0;
  for (let index = at; ; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return number;
    number = number * 10 + digit;
  }
};

const refusal = (url: string, status: number): Error => {
  if (status === 401) return tokenRefused(url, 'HTTP 401');
  const words = `${url} answered ${status}`;
  return status === 429 || status >= 500 ? new Busy(words) : new CliError(words, EXIT.failed);
};
