import { FanfareError } from './errors.ts';
import { type Frame, Link, type Welcome } from './link.ts';
import type { Message } from './messages.ts';
import { abortable, awaited, backOffMs, pause, type Runtime } from './runtime.ts';
import type { ClosedReason, State } from './state.ts';
import type { Transport } from './transport.ts';

export interface ConnectionOptions {
  readonly url: string;
  /** Asked before every connection; `null` says that there is none any more, and closes for good. */
  readonly getToken: (signal: AbortSignal) => string | null | Promise<string | null>;
  /** Of a token that stays the same, ms since 1970; Infinity where the next is another. */
  readonly tokenEndsAt: number;
  readonly pingMs: number;
  readonly runtime: Runtime;
  readonly transport: Transport;
}

export interface ConnectionEvents {
  readonly state: (state: State) => void;
  readonly push: (message: Message) => void;
  /** Moves every subscription to the link; at a rotation the one before is closed only then. */
  readonly follow: (link: Link) => Promise<void>;
  readonly error: (error: unknown) => void;
}

/** A rotation begins after this part of a connection's life, and a random part of the next: 90 to 108 min of 2 h. */
const ROTATE_AFTER = 0.75;
const ROTATE_SPREAD = 0.15;
/** A connection that has lasted so long owes nothing to the failures before it. */
const STABLE_MS = 3e4;
/** What the protocol asks of a client that was closed for sending too many frames. */
const PENALTY_MS = 6e4;
/** Clocks may differ so much. */
const SKEW_MS = 3e4;
/** A getToken that has given nothing by then is asked again. */
const TOKEN_WITHIN_MS = 3e4;
/** Tries of a request that the server cannot carry out just now. */
const MOST_TRIES = 6;

/** Keeps one link up, and moves to the next before its end. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #on: ConnectionEvents;
  readonly #life = new AbortController();
  readonly #stopWaking: () => void;
  #state: State = { name: 'connecting' };
  /** The link that requests take. */
  #current: Link | undefined;
  /** The one that is being opened, or to which the subscriptions are being moved. */
  #next: Link | undefined;
  /** The one before the current, while it has answers to come. */
  #retired: Link | undefined;
  /** From the moment a token is asked for until there is a link or none. */
  #opening = false;
  #since = 0;
  #expiresAt = 0;
  #failures = 0;
  /** The end of the last penalty. */
  #notBefore = 0;
  /** The next try or rotation. */
  #cancelPlan: () => void = () => {};
  #up = awaited<Link>();

  constructor(options: ConnectionOptions, on: ConnectionEvents) {
    this.#options = options;
    this.#on = on;
    this.#stopWaking = options.runtime.onWake(() => this.wake());
    void this.#open();
  }

  get state(): State {
    return this.#state;
  }

  get current(): Link | undefined {
    return this.#current;
  }

  /** Those that take requests: two while subscriptions are being moved. */
  get links(): Link[] {
    return [this.#current, this.#next].filter(link => link?.welcome) as Link[];
  }

  /** Tries at once, unless the server asked for patience, or makes sure that the other end is still there. */
  wake(): void {
    const { runtime } = this.#options;
    if (this.#state.name !== 'waiting') this.#current?.ping();
    else if (runtime.elapsed() >= this.#notBefore) void this.#open();
  }

  /** Waits until it is connected. */
  up(signal?: AbortSignal): Promise<Link> {
    return abortable(this.#up.promise, signal);
  }

  /**
   * Makes a request as soon as there is a connection, and again where no answer came or the server could not: any
   * request may be repeated, since one that sends carries a key.
   */
  async request<Answer>(frame: Frame, signal?: AbortSignal): Promise<Answer> {
    const { runtime } = this.#options;
    for (let tries = 0; ; ) {
      const link = await this.up(signal);
      try {
        return await abortable(link.request<Answer>(frame), signal);
      } catch (error) {
        if (!(error instanceof FanfareError && error.retryable)) throw error;
        if (error.code === 'disconnected') continue;
        if (++tries === MOST_TRIES) throw error;
        await pause(runtime, error.retryAfterMs ?? backOffMs(runtime, tries), signal);
      }
    }
  }

  close(reason: ClosedReason = 'closed'): void {
    if (this.#life.signal.aborted) return;
    this.#life.abort();
    this.#stopWaking();
    this.#cancelPlan();
    for (const link of [this.#current, this.#next, this.#retired]) link?.close();
    this.#current = this.#next = undefined;
    this.#options.transport.close?.();
    const closed = new FanfareError('closed', `the client is closed: ${reason}`);
    this.#up.reject(closed);
    this.#up = awaited();
    this.#up.reject(closed);
    this.#become({ name: 'closed', reason });
  }

  async #open(): Promise<void> {
    const { getToken, runtime, ...options } = this.#options;
    const { signal } = this.#life;
    this.#cancelPlan();
    this.#opening = true;
    if (!this.#current) this.#become({ name: 'connecting' });
    try {
      const late = awaited<never>();
      const cancel = runtime.after(TOKEN_WITHIN_MS, () => late.reject(new Error('getToken gave no token')));
      // Asked after this turn, so that what it throws finds those who listen for errors.
      const given = Promise.resolve().then(() => getToken(signal));
      const token = await abortable(Promise.race([given, late.promise]), signal).finally(cancel);
      if (token === null) return this.close('no-token');
      this.#next = new Link(
        { ...options, runtime, token },
        {
          ready: link => void this.#ready(link),
          push: this.#on.push,
          down: (link, reason, code) => this.#down(link, reason, code),
        },
      );
    } catch (error) {
      if (signal.aborted) return;
      this.#on.error(error);
      this.#retry(String(error), 0);
    }
  }

  async #ready(link: Link): Promise<void> {
    if (this.#current) await this.#on.follow(link);
    // Meanwhile the link may have ended, or taken the place of the one before, which did.
    if (this.#next === link) {
      const first = !this.#current;
      this.#take(link);
      if (first) await this.#on.follow(link);
    }
  }

  #take(link: Link): void {
    const { runtime, tokenEndsAt } = this.#options;
    const { user, connectionId, expiresAt: iso } = link.welcome as Welcome;
    const now = runtime.now();
    const before = this.#current;
    const expiresAt = Date.parse(iso);
    // A rotation that gains no time, because the token is the same, is not tried again.
    const worthwhile = tokenEndsAt > expiresAt + SKEW_MS && (!before || expiresAt > this.#expiresAt);
    this.#current = link;
    this.#next = undefined;
    this.#opening = false;
    this.#since = runtime.elapsed();
    this.#expiresAt = expiresAt;
    this.#cancelPlan();
    if (worthwhile && expiresAt > now) {
      const part = ROTATE_AFTER + ROTATE_SPREAD * runtime.random();
      this.#cancelPlan = runtime.after((expiresAt - now) * part, () => void this.#open());
    }
    if (before) this.#up = awaited();
    this.#up.resolve(link);
    this.#become({ name: 'connected', user, connectionId, expiresAt });
    before?.retire();
    this.#retired = before;
  }

  #down(link: Link, reason: string, code: number): void {
    const { runtime, tokenEndsAt } = this.#options;
    if (link === this.#next) {
      this.#next = undefined;
      // Not by the clock alone, which may be wrong: the server did not want it either.
      if (!this.#current && tokenEndsAt <= runtime.now()) this.close('token-expired');
      else this.#retry(reason, code);
    } else if (link === this.#current) {
      if (runtime.elapsed() - this.#since >= STABLE_MS) this.#failures = 0;
      this.#current = undefined;
      this.#up = awaited();
      if (this.#next?.welcome) this.#take(this.#next);
      else if (this.#opening) this.#become({ name: 'connecting' });
      else if (tokenEndsAt < Number.POSITIVE_INFINITY && tokenEnded(reason)) this.close('token-expired');
      else this.#retry(reason, code);
    }
  }

  #retry(reason: string, code: number): void {
    const { runtime } = this.#options;
    this.#opening = false;
    this.#cancelPlan();
    // At its end a connection is closed 1008 as well, with another reason.
    const penalty = code === 1008 && !tokenEnded(reason) ? PENALTY_MS : 0;
    this.#notBefore = runtime.elapsed() + penalty;
    const delay = penalty + backOffMs(runtime, this.#failures++);
    this.#cancelPlan = runtime.after(delay, () => void this.#open());
    if (!this.#current) this.#become({ name: 'waiting', until: runtime.now() + delay, reason });
  }

  #become(state: State): void {
    const rotated = this.#state.name === 'connected' && state.name === 'connected';
    this.#state = state;
    if (!rotated) this.#on.state(state);
  }
}

/** Told by the server: its close reason, or its answer to a request. */
const tokenEnded = (reason: string): boolean => /token/i.test(reason);
