import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

export interface Invocation {
  readonly id: number;
  readonly event: unknown;
  readonly timeoutMs: number;
}

export type InvocationEnd =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };

export interface LambdaHostOptions {
  /** The function's name, for errors. */
  readonly name: string;
  /** The bundle's URL, or a module's that exports `handler` as well. */
  readonly bundle: URL;
  /** The whole of the function's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Where what it writes to stdout goes; nowhere without it. Lambda sends it to CloudWatch. */
  readonly output?: NodeJS.WritableStream;
}

/** API Gateway answers otherwise for a function that takes too long than for one that fails. */
export class FunctionTimedOut extends Error {}

/** Runs one function as Lambda would: from its bundle, in its own thread, with nothing in its environment but its own. */
export class LambdaHost {
  readonly #options: LambdaHostOptions;
  readonly #worker: Worker;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #ready = Promise.withResolvers<void>();
  #invocations = 0;
  /** Why the worker is gone, once it is. */
  #ended: Error | undefined;

  constructor(options: LambdaHostOptions) {
    this.#options = options;
    const file = `./lambda-worker${extname(import.meta.url)}`;
    this.#worker = new Worker(new URL(file, import.meta.url), {
      workerData: options.bundle.href,
      env: options.env,
      stdout: true,
    });
    if (options.output === undefined) this.#worker.stdout.resume();
    else this.#worker.stdout.pipe(options.output, { end: false });
    this.#ready.promise.catch(() => undefined); // told to whoever asks
    this.#worker.on('message', (message: 'ready' | InvocationEnd) => {
      if (message === 'ready') this.#ready.resolve();
      else this.#settle(message);
    });
    this.#worker.on('error', error => this.#end(error));
    this.#worker.on('exit', () => this.#end(new Error('it has ended')));
  }

  /** Resolves once the bundle is loaded; rejects with what loading it threw, such as a configuration error. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** @throws Error with the function's error; FunctionTimedOut when it took longer than its timeout */
  async invoke(event: unknown): Promise<unknown> {
    if (this.#ended !== undefined) throw this.#failure(this.#ended.message);
    const { timeoutMs } = this.#options;
    const id = ++this.#invocations;
    const pending = Promise.withResolvers<unknown>();
    this.#pending.set(id, pending);
    this.#worker.postMessage({ id, event, timeoutMs } satisfies Invocation);
    const timer = setTimeout(() => {
      const why = `the function ${this.#options.name} took longer than ${timeoutMs} ms`;
      this.#pending.delete(id);
      pending.reject(new FunctionTimedOut(why));
    }, timeoutMs);
    return pending.promise.finally(() => clearTimeout(timer));
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(end: InvocationEnd): void {
    const pending = this.#pending.get(end.id);
    this.#pending.delete(end.id);
    if ('error' in end) pending?.reject(this.#failure(end.error));
    else pending?.resolve(end.answer);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#ready.reject(this.#failure(error.message));
    for (const id of this.#pending.keys()) this.#settle({ id, error: error.message });
  }

  #failure(why: string): Error {
    return new Error(`the function ${this.#options.name} failed: ${why}`);
  }
}
