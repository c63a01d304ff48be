// @ts-check

/**
 * @typedef {{ name: 'connecting' } | { name: 'live', connectionId: string }
 *   | { name: 'waiting', ms: number, reason: string } | { name: 'cut' }} State
 * @typedef {{ type: 'welcome', connectionId: string, user: string, channels: string[] }} Welcome
 * @typedef {{ channel: string, messageId: string, epoch: string, offset: number, sentAt: string, from: string,
 *   data?: unknown, notification?: Notification }} Message
 * @typedef {{ id: string, title: string, body?: string, data?: unknown, category?: string,
 *   priority: 'low' | 'normal' | 'high' }} Notification
 * @typedef {Record<string, any> & { type: string, id?: string }} Frame
 */

/** The server's answer to a request was an error frame. */
export class RefusedError extends Error {
  /** @param {Frame} frame */
  constructor(frame) {
    super(frame.message);
    this.code = frame.code;
  }
}

const BASE_MS = 500;
const MAX_MS = 10_000;
/** Well within API Gateway's 10 minutes of idleness, and soon enough to notice a dead network. */
const PING_EVERY_MS = 60_000;
const ANSWER_WITHIN_MS = 10_000;

/**
 * Exponential back-off with full jitter.
 * @param {number} attempt from 0
 */
export const backOff = (attempt, random = Math.random) => random() * Math.min(MAX_MS, BASE_MS * 2 ** attempt);

/** A socket that stays up until it is cut, and answers requests by their id. */
export class Connection {
  #token;
  #on;
  /** @type {State} */
  #state = { name: 'cut' };
  /** @type {WebSocket | undefined} */
  #socket;
  /** @type {Map<string, { resolve: (frame: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();
  #requests = 0;
  #attempt = 0;
  /** Aborts whatever the present attempt has under way */
  #life = new AbortController();

  /**
   * @param {() => Promise<string>} token asked anew for each attempt: a restarted server has new ones
   * @param {{ state: (state: State) => void, frame: (direction: 'in' | 'out', text: string) => void,
   *   live: (welcome: Welcome) => void, message: (message: Message) => void }} on
   */
  constructor(token, on) {
    this.#token = token;
    this.#on = on;
  }

  get state() {
    return this.#state;
  }

  connect() {
    this.#attempt = 0;
    this.#end();
    void this.#open(this.#life.signal);
  }

  cut() {
    this.#end();
    this.#become({ name: 'cut' });
  }

  /**
   * @param {string} action
   * @param {Record<string, unknown>} [fields]
   * @returns {Promise<any>} the reply; rejects with RefusedError, or an Error when none can come any more
   */
  request(action, fields = {}) {
    const id = String(++this.#requests);
    return new Promise((resolve, reject) => {
      const overdue = setTimeout(
        () => settle(reject)(new Error(`no answer to ${action} within ${ANSWER_WITHIN_MS / 1000} s`)),
        ANSWER_WITHIN_MS,
      );
      /** @param {(value: any) => void} how */
      const settle = how => (/** @type {any} */ value) => {
        clearTimeout(overdue);
        this.#waiting.delete(id);
        how(value);
      };
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      if (!this.#send({ action, id, ...fields })) settle(reject)(new Error('not connected'));
    });
  }

  /** @param {AbortSignal} signal */
  async #open(signal) {
    this.#become({ name: 'connecting' });
    try {
      const token = await this.#token();
      if (signal.aborted) return;
      const socket = new WebSocket(new URL('/ws', location.href), ['fanfare.v1', `bearer.${token}`]);
      this.#socket = socket;
      socket.addEventListener('open', () => void this.#greet(signal), { signal });
      socket.addEventListener('message', ({ data }) => this.#receive(String(data)), { signal });
      socket.addEventListener('close', event => this.#retry(closing(event)), { signal });
    } catch (error) {
      if (!signal.aborted) this.#retry(/** @type {Error} */ (error).message);
    }
  }

  /** @param {AbortSignal} signal */
  async #greet(signal) {
    try {
      const welcome = await this.request('hello');
      this.#attempt = 0;
      this.#become({ name: 'live', connectionId: welcome.connectionId });
      this.#on.live(welcome);
      this.#keepAlive(signal);
    } catch (error) {
      if (!signal.aborted) this.#retry(/** @type {Error} */ (error).message);
    }
  }

  /** @param {AbortSignal} signal */
  #keepAlive(signal) {
    const pings = setInterval(() => {
      this.#send({ action: 'ping' });
      const overdue = setTimeout(() => this.#retry('no answer to a ping'), ANSWER_WITHIN_MS);
      const answered = () => clearTimeout(overdue);
      this.#socket?.addEventListener('message', answered, { once: true, signal });
      signal.addEventListener('abort', answered, { once: true });
    }, PING_EVERY_MS);
    signal.addEventListener('abort', () => clearInterval(pings), { once: true });
  }

  /** @param {string} reason */
  #retry(reason) {
    this.#end();
    const { signal } = this.#life;
    const ms = backOff(this.#attempt++);
    this.#become({ name: 'waiting', ms, reason });
    const next = setTimeout(() => void this.#open(signal), ms);
    signal.addEventListener('abort', () => clearTimeout(next), { once: true });
  }

  #end() {
    this.#life.abort();
    this.#life = new AbortController();
    this.#socket?.close();
    this.#socket = undefined;
    for (const { reject } of [...this.#waiting.values()]) reject(new Error('the connection closed'));
  }

  /** @param {string} text */
  #receive(text) {
    this.#on.frame('in', text);
    const frame = /** @type {Frame} */ (JSON.parse(text));
    if (frame.type === 'message') return this.#on.message(/** @type {any} */ (frame));
    const waiting = this.#waiting.get(frame.id ?? '');
    if (frame.type === 'error') waiting?.reject(new RefusedError(frame));
    else waiting?.resolve(frame);
  }

  /** @param {Record<string, unknown>} frame */
  #send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    const text = JSON.stringify(frame);
    this.#socket.send(text);
    this.#on.frame('out', text);
    return true;
  }

  /** @param {State} state */
  #become(state) {
    this.#state = state;
    this.#on.state(state);
  }
}

/** @param {CloseEvent} event */
const closing = ({ code, reason }) => `the socket closed with ${code}${reason ? ` ${reason}` : ''}`;
