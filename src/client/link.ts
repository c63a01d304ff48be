import { FanfareError, type Refusal, refusal } from './errors.ts';
import type { Message } from './messages.ts';
import type { Runtime } from './runtime.ts';
import { randomKey } from './runtime.ts';
import type { Socket, Transport } from './transport.ts';

export interface Welcome {
  readonly connectionId: string;
  readonly user: string;
  /** ISO 8601 */
  readonly expiresAt: string;
}

export type Frame = Readonly<Record<string, unknown>> & { readonly action: string };

export interface LinkEvents {
  /** The server has greeted: requests may be made. */
  readonly ready: (link: Link) => void;
  readonly push: (message: Message) => void;
  /** Once, unless it was closed from this side. */
  readonly down: (link: Link, reason: string, code: number) => void;
}

/** From dialling to the greeting. */
const OPEN_WITHIN_MS = 15e3;
/** When a request was made and nothing at all is heard for so long, the other end is not there. */
const SILENCE_MS = 10e3;
/** An answer that has not come by then will not: API Gateway gives an integration 29 s. */
const SILENCES_TO_AN_ANSWER = 3;
/** The server takes 20 frames a second with bursts of 40; this stays below. */
const FRAME_EVERY_MS = 52;
const BURST = 36;
/** API Gateway's quota for a frame, in bytes; a character is at most three. */
const LARGE_CHARACTERS = 32_768 / 3;

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly large: boolean;
  cancel: () => void;
}

/** One socket: requests with their answers, pushes, and whether the other end is still there. */
export class Link {
  /** Who we are to the server; undefined before it has greeted. */
  welcome: Welcome | undefined;
  readonly #runtime: Runtime;
  readonly #on: LinkEvents;
  readonly #socket: Socket;
  /** Tabs may share a socket: an answer belongs to one of them. */
  readonly #name: string;
  readonly #pending = new Map<string, Pending>();
  /** Frames heard so far, and when the last was. */
  #heard = 0;
  #heardAt = 0;
  #requests = 0;
  /** When a frame that is sent now would have been due at the steady rate. */
  #paced = 0;
  #over = false;
  #retired = false;
  #cancelTimer: () => void;

  constructor({ runtime, transport, url, token, pingMs }: LinkOptions, on: LinkEvents) {
    this.#runtime = runtime;
    this.#on = on;
    this.#name = randomKey(6);
    this.#cancelTimer = runtime.after(OPEN_WITHIN_MS, () => this.#end('the server did not answer'));
    this.#socket = transport.open(url, ['fanfare.v1', `bearer.${token}`], {
      open: () =>
        this.request<Welcome>({ action: 'hello' }).then(
          welcome => {
            this.welcome = welcome;
            this.#keepAlive(pingMs);
            on.ready(this);
          },
          error => this.#end(error.message),
        ),
      message: text => this.#over || this.#receive(text),
      close: (code, reason) => this.#end(`closed with ${code} ${reason}`.trim(), code),
    });
  }

  /** @throws FanfareError the server's refusal; `disconnected` or `timeout` when no answer came, both retryable */
  request<Answer>(frame: Frame): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const id = this.#name + ++this.#requests;
    const text = JSON.stringify({ ...frame, id });
    const pending: Pending = { resolve, reject, large: text.length > LARGE_CHARACTERS, cancel: () => {} };
    if (this.#over) reject(lost(false));
    else {
      this.#pending.set(id, pending);
      const now = this.#runtime.elapsed();
      this.#paced = Math.max(this.#paced, now) + FRAME_EVERY_MS;
      const send = () => {
        this.#socket.send(text);
        this.#watch(id, pending, SILENCES_TO_AN_ANSWER);
      };
      const early = this.#paced - now - BURST * FRAME_EVERY_MS;
      if (early > 0) pending.cancel = this.#runtime.after(early, send);
      else send();
    }
    return promise;
  }

  /** Asks for a sign of life. */
  ping(): void {
    // Its failure is the link's, which tells.
    this.request({ action: 'ping' }).catch(() => {});
  }

  /** Closes, as soon as what was asked has been answered or has had its time. */
  retire(): void {
    this.#retired = true;
    this.#cancelTimer();
    this.#cancelTimer = this.#runtime.after(SILENCE_MS, () => this.close());
    this.#closeIfDone();
  }

  /** Closes from this side, which is not told as `down`. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimer();
    this.#socket.close();
    this.#rejectAll(0);
  }

  #end(reason: string, code = 0): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimer();
    if (!code) this.#socket.close();
    this.#rejectAll(code);
    this.#on.down(this, reason, code);
  }

  /** 1009 says that a frame was too large, and not which: to send that one again would close every link. */
  #rejectAll(code: number): void {
    for (const { cancel, reject, large } of this.#pending.values()) {
      cancel();
      reject(lost(large && code === 1009));
    }
    this.#pending.clear();
  }

  #receive(text: string): void {
    this.#heard++;
    this.#heardAt = this.#runtime.elapsed();
    const frame = parse(text);
    const { id = '', type, ...answer } = frame;
    // Everything would be refused here from now on; the next link has another token.
    if (type === 'error' && frame.code === 'unauthenticated') {
      this.#end('the token has ended');
      return;
    }
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.cancel();
    if (type === 'message') this.#on.push(frame as unknown as Message);
    else if (type === 'error') pending?.reject(refusal(frame as unknown as Refusal));
    else pending?.resolve(answer as never);
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    if (this.#retired && this.#pending.size === 0) this.close();
  }

  #watch(id: string, pending: Pending, silences: number): void {
    const heard = this.#heard;
    pending.cancel = this.#runtime.after(SILENCE_MS, () => {
      if (this.#heard === heard) this.#end('the server fell silent');
      else if (silences > 1) this.#watch(id, pending, silences - 1);
      else {
        this.#pending.delete(id);
        pending.reject(new FanfareError('timeout', 'no answer', { retryable: true }));
      }
    });
  }

  #keepAlive(pingMs: number): void {
    this.#cancelTimer();
    const left = pingMs - (this.#runtime.elapsed() - this.#heardAt);
    // Timers and clocks agree to the millisecond.
    const due = left < 1;
    if (due) this.ping();
    this.#cancelTimer = this.#runtime.after(due ? pingMs : left, () => this.#keepAlive(pingMs));
  }
}

export interface LinkOptions {
  readonly runtime: Runtime;
  readonly transport: Transport;
  readonly url: string;
  readonly token: string;
  /** A link that has heard nothing for so long is asked whether it is still there. */
  readonly pingMs: number;
}

const lost = (tooLarge: boolean): FanfareError =>
  tooLarge
    ? new FanfareError('too-large', 'the server closed the connection over the size of a frame')
    : new FanfareError('disconnected', 'the connection was lost', { retryable: true });

/** Whatever is no object with a type is nothing that this client knows, and passed over. */
const parse = (text: string): { readonly type?: string; readonly id?: string; readonly code?: string } => {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
};
