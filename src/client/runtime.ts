/** What the client needs of the place that it runs in. Tests give it virtual time. */
export interface Runtime {
  /** ms since 1970, by a clock that a person may set */
  now(): number;
  /** ms since whenever: never set, so that what is waited for takes as long as it should. */
  elapsed(): number;
  /** @returns how to call it off */
  after(ms: number, callback: () => void): () => void;
  /** From 0 up to but not including 1. */
  random(): number;
  /**
   * Calls back when a try may succeed that failed before: the browser is online again, or the page is looked at.
   *
   * @returns how to stop
   */
  onWake(callback: () => void): () => void;
}

/** setTimeout fires at once beyond so many ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemRuntime: Runtime = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  onWake: callback => {
    const page = globalThis.document;
    if (!page) return () => {};
    const visible = () => page.hidden || callback();
    addEventListener('online', callback);
    page.addEventListener('visibilitychange', visible);
    return () => {
      removeEventListener('online', callback);
      page.removeEventListener('visibilitychange', visible);
    };
  },
};

/**
 * Full jitter: drawn evenly from 0 to an exponential bound, so that those who failed together do not come back together.
 *
 * @param failures from 0
 */
export const backOffMs = (runtime: Runtime, failures: number, baseMs = 1e3, maxMs = 3e4): number =>
  runtime.random() * Math.min(maxMs, baseMs * 2 ** failures);

/** Of 36 characters; 20 of them are some 100 bits. Nobody else's is ever the same. */
export const randomKey = (length = 20): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(length)), byte => (byte % 36).toString(36)).join('');

/** Gives up waiting, with the signal's reason, when it is aborted. What was waited for goes on. */
export const abortable = async <T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> => {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

/** Waits, if need be in vain: until the time has passed or the signal is aborted. */
export const pause = (runtime: Runtime, ms: number, signal?: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = runtime.after(ms, resolve);
  return abortable(promise, signal).finally(cancel);
};

/** The platform's PromiseWithResolvers, which not every application's `lib` has. */
export interface Resolvers<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason?: unknown): void;
}

/** A promise that may be rejected with nobody waiting. */
export const awaited = <T>(): Resolvers<T> => {
  const resolvers = Promise.withResolvers<T>();
  resolvers.promise.catch(() => {});
  return resolvers;
};
