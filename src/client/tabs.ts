import type { Said } from './hub.ts';
import { Hub } from './hub.ts';
import type { Runtime } from './runtime.ts';
import { randomKey, systemRuntime } from './runtime.ts';
import { claimsOf } from './token.ts';
import type { Socket, SocketEvents, Transport } from './transport.ts';
import { webSocket } from './transport.ts';

/** What tabs need of their browser. Tests give it their own. */
export interface TabsPlatform {
  /** How the one socket is opened, and each tab's own where tabs cannot share. */
  readonly socket: Transport;
  readonly locks: Pick<LockManager, 'request'> | undefined;
  /** What is said on a bus of a name is heard on every other of that name. */
  readonly bus: ((name: string) => Bus) | undefined;
  readonly runtime: Runtime;
}

export type Bus = Pick<BroadcastChannel, 'postMessage' | 'close'> & {
  onmessage: ((event: MessageEvent) => void) | null;
};

/** A tab that leads answers by then, if it is not frozen; else another takes its place. */
const ANSWER_WITHIN_MS = 3e3;

/**
 * The platform's WebSocket, one for all of a site's tabs that have the same user with the same rights: one tab leads, and
 * when it ends the next takes over, as after a lost connection. Without BroadcastChannel or Web Locks each tab has its
 * own. Give it to one client of each tab.
 */
export const sharedWebSocket = (given: Partial<TabsPlatform> = {}): Transport => {
  const platform = { ...systemPlatform(), ...given };
  const tabs = new Map<string, Tab>();
  const { socket, locks, bus } = platform;
  let broken = false;
  return {
    open: (url, protocols, on) => {
      if (broken || !locks || !bus) return socket.open(url, protocols, on);
      const key = keyOf(url, protocols);
      for (const [other, tab] of tabs) if (other !== key && tab.idle) leave(tabs, other);
      const tab =
        tabs.get(key) ??
        new Tab(key, { ...platform, locks, bus }, () => {
          broken = true;
        });
      tabs.set(key, tab);
      return tab.open(url, protocols, on);
    },
    close: () => {
      for (const key of tabs.keys()) leave(tabs, key);
      socket.close?.();
    },
  };
};

const leave = (tabs: Map<string, Tab>, key: string): void => {
  tabs.get(key)?.leave();
  tabs.delete(key);
};

const systemPlatform = (): TabsPlatform => ({
  socket: webSocket,
  locks: globalThis.navigator?.locks,
  bus: globalThis.BroadcastChannel && (name => new BroadcastChannel(name)),
  runtime: systemRuntime,
});

/** Whose tokens say the same but for their times share a socket; a token that says nothing is for itself. */
const keyOf = (url: string, protocols: string[]): string => {
  const token = protocols[1]?.replace('bearer.', '') ?? '';
  const { sub } = claimsOf(token);
  const claims = sub ? { ...claimsOf(token), iat: 0, nbf: 0, exp: 0, jti: 0 } : token;
  return `fanfare ${url} ${JSON.stringify(claims)}`;
};

type TabPlatform = { readonly [Part in keyof TabsPlatform]-?: NonNullable<TabsPlatform[Part]> };

interface Shared {
  readonly on: SocketEvents;
  readonly ask: Said;
  trunk?: string;
  up?: boolean;
  cancel: () => void;
}

class Tab {
  readonly #key: string;
  readonly #id: string;
  readonly #platform: TabPlatform;
  readonly #broken: () => void;
  readonly #bus: Bus;
  readonly #sockets = new Map<string, Shared>();
  readonly #left = new AbortController();
  #held = false;
  /** Ends the waiting for the lead, or the lead. */
  #step: () => void = () => {};

  constructor(key: string, platform: TabPlatform, broken: () => void) {
    this.#key = key;
    this.#id = randomKey();
    this.#platform = platform;
    this.#broken = broken;
    this.#bus = platform.bus(key);
    this.#bus.onmessage = ({ data }) => this.#hear(data);
    // Held as long as there is this tab, so that the one that leads learns of its end: it must not be there first.
    this.#hold(this.#id, {}, () => {
      this.#held = true;
      this.#ask();
      return () => {};
    }).catch(() => {});
    this.#lead();
  }

  get idle(): boolean {
    return this.#sockets.size === 0;
  }

  open(url: string, protocols: string[], on: SocketEvents): Socket {
    const id = randomKey();
    const cancel = this.#platform.runtime.after(ANSWER_WITHIN_MS, () => this.#lead(true));
    this.#sockets.set(id, { on, ask: { open: id, tab: this.#id, url, protocols }, cancel });
    this.#ask();
    return {
      send: text => this.#bus.postMessage({ send: id, text } satisfies Said),
      close: () => {
        if (this.#drop(id)) this.#bus.postMessage({ shut: id } satisfies Said);
      },
    };
  }

  leave(): void {
    this.#left.abort();
    this.#step();
    for (const id of this.#sockets.keys()) this.#drop(id);
    this.#bus.close();
  }

  /** Leads as soon as no other does, or at once in place of one that does not answer. */
  #lead(steal = false): void {
    this.#step();
    const over = new AbortController();
    this.#step = () => over.abort();
    const options = steal ? { steal } : { signal: over.signal };
    this.#hold('lead', options, () => this.#begin(over.signal), over.signal).catch(error => {
      if (this.#left.signal.aborted || over.signal.aborted) return;
      // Another took the lead from this one, or there is none to be had.
      if (error.name === 'AbortError') return this.#lead();
      this.#broken();
      for (const [id, { on }] of this.#sockets) this.#drop(id) && on.close(1006, String(error));
    });
  }

  #begin(over: AbortSignal): () => void {
    const { bus: open, socket, locks, runtime } = this.#platform;
    const bus = open(this.#key);
    const hub = new Hub({
      say: said => bus.postMessage(said),
      dial: (...how) => socket.open(...how),
      onGone: (tab, callback) => {
        locks.request(`${this.#key} ${tab}`, { signal: over }, callback).catch(() => {});
      },
      after: runtime.after,
      newId: randomKey,
    });
    bus.onmessage = ({ data }) => hub.hear(data);
    return () => {
      hub.close();
      bus.close();
    };
  }

  /** Holds a lock until the signal is aborted, or it is taken away; in the end calls what `begin` gave. */
  async #hold(
    name: string,
    options: LockOptions,
    begin: () => () => void,
    until = this.#left.signal,
  ): Promise<void> {
    let end = () => {};
    try {
      await this.#platform.locks.request(`${this.#key} ${name}`, options, () => {
        if (until.aborted) return;
        end = begin();
        return new Promise<void>(resolve => until.addEventListener('abort', () => resolve()));
      });
    } finally {
      end();
    }
  }

  #hear(said: Said): void {
    if ('hub' in said) this.#reopen();
    else if ('taken' in said) {
      const socket = this.#sockets.get(said.taken);
      if (!socket) return;
      socket.trunk = said.trunk;
      socket.cancel();
    } else if ('trunk' in said) {
      for (const [id, socket] of this.#sockets) if (socket.trunk === said.trunk) this.#tell(id, socket, said);
    }
  }

  #tell(id: string, socket: Shared, said: Extract<Said, { trunk: string }>): void {
    if ('text' in said) socket.on.message(said.text);
    else if ('code' in said) this.#drop(id) && socket.on.close(said.code, said.reason);
    else if ('up' in said && !socket.up) {
      socket.up = true;
      socket.on.open();
    }
  }

  /** Another tab leads: it knows nothing of the sockets that the one before had. */
  #reopen(): void {
    for (const [id, { trunk, on }] of this.#sockets) {
      if (trunk && this.#drop(id)) on.close(1001, 'another tab leads');
    }
    this.#ask();
  }

  /** Asking twice is asking once. */
  #ask(): void {
    if (!this.#held) return;
    for (const { trunk, ask } of this.#sockets.values()) if (!trunk) this.#bus.postMessage(ask);
  }

  #drop(id: string): boolean {
    this.#sockets.get(id)?.cancel();
    return this.#sockets.delete(id);
  }
}
