import type { Bus, Socket, TabsPlatform, Transport } from '../../src/client/index.ts';
import { sharedWebSocket } from '../../src/client/index.ts';
import type { VirtualTime } from './virtual-time.ts';

type Callback = () => void;

interface Waiting {
  readonly tab: ModelTab;
  readonly name: string;
  readonly run: () => unknown;
  readonly resolve: Callback;
  readonly reject: (error: Error) => void;
}

const abortError = (): Error => new DOMException('the lock is gone', 'AbortError');

/** The tabs of one site on virtual time: their locks, and what they say to one another. */
export class ModelSite {
  readonly time: VirtualTime;
  readonly #server: Transport;
  readonly #held = new Map<string, Waiting>();
  #queue: Waiting[] = [];
  readonly #ends = new Set<{ readonly tab: ModelTab; readonly name: string; readonly bus: Bus }>();

  constructor(time: VirtualTime, server: Transport) {
    this.time = time;
    this.#server = server;
  }

  openTab(): ModelTab {
    return new ModelTab(this, this.#server);
  }

  /** The tab that leads, where one does. */
  get leader(): ModelTab | undefined {
    return [...this.#held.values()].find(({ name }) => name.endsWith(' lead'))?.tab;
  }

  request(
    tab: ModelTab,
    name: string,
    { signal, steal }: LockOptions,
    callback: () => unknown,
  ): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { tab, name, run: callback, resolve, reject };
    // Locks are kept elsewhere: a request takes a while to get there.
    tab.later(() => {
      if (signal?.aborted) return reject(abortError());
      if (steal) this.#steal(waiting);
      else this.#queue.push(waiting);
      signal?.addEventListener('abort', () => {
        if (!this.#queue.includes(waiting)) return;
        this.#queue = this.#queue.filter(one => one !== waiting);
        reject(abortError());
      });
      this.#grant();
    });
    return promise;
  }

  bus(tab: ModelTab, name: string): Bus {
    const bus: Bus = {
      onmessage: null,
      postMessage: data => {
        // Small waits that keep the order of what one says to another.
        for (const end of this.#ends) {
          if (end.bus === bus || end.name !== name) continue;
          const heard = structuredClone(data);
          end.tab.later(() => this.#ends.has(end) && end.bus.onmessage?.({ data: heard } as MessageEvent));
        }
      },
      close: () => {
        for (const end of this.#ends) if (end.bus === bus) this.#ends.delete(end);
      },
    };
    this.#ends.add({ tab, name, bus });
    return bus;
  }

  forget(tab: ModelTab): void {
    for (const end of this.#ends) if (end.tab === tab) this.#ends.delete(end);
    for (const [name, held] of this.#held) if (held.tab === tab) this.#held.delete(name);
    this.#queue = this.#queue.filter(waiting => waiting.tab !== tab);
    this.#grant();
  }

  #steal(waiting: Waiting): void {
    const holder = this.#held.get(waiting.name);
    this.#held.delete(waiting.name);
    holder?.tab.act(() => holder.reject(abortError()));
    this.#queue.unshift(waiting);
  }

  #grant(): void {
    for (const waiting of [...this.#queue]) {
      const { name, tab, run, resolve, reject } = waiting;
      if (this.#held.has(name)) continue;
      this.#held.set(name, waiting);
      this.#queue = this.#queue.filter(one => one !== waiting);
      const release = () => {
        if (this.#held.get(name) === waiting) this.#held.delete(name);
        this.#grant();
      };
      tab.later(async () => {
        if (this.#held.get(name) !== waiting) return;
        await Promise.resolve(run()).then(resolve, reject);
        release();
      });
    }
  }
}

/** One tab: it may be closed, crash, or be frozen for a while. */
export class ModelTab {
  /** For its client. */
  readonly transport: Transport;
  readonly runtime: TabsPlatform['runtime'];
  readonly #site: ModelSite;
  readonly #sockets = new Set<Socket>();
  #frozen: Callback[] | undefined;
  #gone = false;
  #saidUntil = 0;

  constructor(site: ModelSite, server: Transport) {
    this.#site = site;
    const { runtime } = site.time;
    this.runtime = { ...runtime, after: (ms, callback) => runtime.after(ms, () => this.act(callback)) };
    this.transport = sharedWebSocket({
      locks: {
        request: (name: string, options: LockOptions, callback: () => unknown) =>
          site.request(this, name, options, callback),
      } as TabsPlatform['locks'],
      bus: name => site.bus(this, name),
      runtime: this.runtime,
      socket: {
        open: (url, protocols, on) => {
          const socket = server.open(url, protocols, {
            open: () => this.act(on.open),
            message: text => this.act(() => on.message(text)),
            close: (code, reason) => this.act(() => on.close(code, reason)),
          });
          this.#sockets.add(socket);
          return socket;
        },
      },
    });
  }

  get alive(): boolean {
    return !this.#gone;
  }

  /** Happens now, or when the tab is thawed; never in one that is gone. */
  act(callback: Callback): void {
    if (this.#gone) return;
    if (this.#frozen) this.#frozen.push(callback);
    else callback();
  }

  /** Happens soon, after what was to happen before. */
  later(callback: Callback): void {
    const now = this.#site.time.elapsed();
    this.#saidUntil = Math.max(this.#saidUntil, now + this.#site.time.random() * 5);
    this.#site.time.after(this.#saidUntil - now, () => this.act(callback));
  }

  freeze(): void {
    this.#frozen ??= [];
  }

  thaw(): void {
    const waiting = this.#frozen ?? [];
    this.#frozen = undefined;
    for (const callback of waiting) this.act(callback);
  }

  /** Ends without a word. */
  kill(): void {
    this.#gone = true;
    for (const socket of this.#sockets) socket.close();
    this.#site.forget(this);
  }
}
