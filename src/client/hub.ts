import type { Socket } from './transport.ts';

/** What tabs and their hub say to one another. */
export type Said =
  /** A hub begins. */
  | { readonly hub: string }
  /** A tab wants a socket. */
  | {
      readonly open: string;
      readonly tab: string;
      readonly url: string;
      readonly protocols: string[];
    }
  | { readonly send: string; readonly text: string }
  | { readonly shut: string }
  /** The hub has heard, and this socket is served by that trunk. */
  | { readonly taken: string; readonly trunk: string }
  | { readonly trunk: string; readonly up: true }
  | { readonly trunk: string; readonly text: string }
  | { readonly trunk: string; readonly code: number; readonly reason: string };

export interface HubParts {
  readonly say: (said: Said) => void;
  readonly dial: (url: string, protocols: string[], on: TrunkEvents) => Socket;
  /** Calls back when a tab is no more, in whatever way it ended. */
  readonly onGone: (tab: string, callback: () => void) => void;
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly newId: () => string;
}

interface TrunkEvents {
  readonly open: () => void;
  readonly message: (text: string) => void;
  readonly close: (code: number, reason: string) => void;
}

/** A socket to the server, shared by the sockets of tabs. */
interface Trunk {
  readonly id: string;
  readonly users: Set<string>;
  /** Which of them follow a channel. */
  readonly followers: Map<string, Set<string>>;
  /** Requests to unfollow, not answered yet: a subscription must not overtake them. */
  readonly leaving: Set<string>;
  held: string[];
  socket?: Socket;
  up: boolean;
  /** Whether something was sent and nothing heard since. */
  unanswered: boolean;
  /** Whoever left it did so without an answer: nobody is sent there any more. */
  doubtful: boolean;
}

/** An unfollowing that has no answer by then holds up nobody any longer. */
const LEAVE_WITHIN_MS = 1e4;

/**
 * Serves the tabs of a site, of which it is one, over one socket: frames of all tabs go out there, and what comes is told
 * to all, of whom each knows its own answers and channels. A tab that moves to its next connection gets a new trunk, which
 * the others join as they move.
 */
export class Hub {
  readonly #parts: HubParts;
  readonly #trunks = new Set<Trunk>();
  readonly #sockets = new Map<string, { readonly trunk: Trunk; readonly tab: string }>();
  readonly #tabs = new Set<string>();

  constructor(parts: HubParts) {
    this.#parts = parts;
    parts.say({ hub: parts.newId() });
  }

  hear(said: Said): void {
    if ('open' in said) this.#open(said);
    else if ('send' in said) this.#send(said.send, said.text);
    else if ('shut' in said) this.#drop(said.shut);
  }

  close(): void {
    for (const { socket } of this.#trunks) socket?.close();
    this.#trunks.clear();
    this.#sockets.clear();
  }

  #open({ open: id, tab, url, protocols }: Extract<Said, { open: string }>): void {
    const { say, onGone } = this.#parts;
    if (this.#sockets.has(id)) return;
    // Older ones than the newest are being moved away from.
    const newest = [...this.#trunks].at(-1);
    const moves = [...(newest?.users ?? [])].some(user => this.#sockets.get(user)?.tab === tab);
    const trunk = newest && !newest.doubtful && !moves ? newest : this.#dial(url, protocols);
    trunk.users.add(id);
    this.#sockets.set(id, { trunk, tab });
    say({ taken: id, trunk: trunk.id });
    if (trunk.up) say({ trunk: trunk.id, up: true });
    if (this.#tabs.has(tab)) return;
    this.#tabs.add(tab);
    onGone(tab, () => {
      this.#tabs.delete(tab);
      for (const [socket, of] of this.#sockets) if (of.tab === tab) this.#drop(socket);
    });
  }

  #dial(url: string, protocols: string[]): Trunk {
    const { say, dial, newId } = this.#parts;
    const id = newId();
    const trunk: Trunk = {
      id,
      users: new Set(),
      followers: new Map(),
      leaving: new Set(),
      held: [],
      up: false,
      unanswered: false,
      doubtful: false,
    };
    this.#trunks.add(trunk);
    trunk.socket = dial(url, protocols, {
      open: () => {
        trunk.up = true;
        say({ trunk: id, up: true });
      },
      message: text => {
        trunk.unanswered = false;
        say({ trunk: id, text });
        if (trunk.leaving.size > 0) this.#left(trunk, (JSON.parse(text) as { id?: string }).id);
      },
      close: (code, reason) => {
        if (!this.#trunks.delete(trunk)) return;
        for (const user of trunk.users) this.#sockets.delete(user);
        say({ trunk: id, code, reason });
      },
    });
    return trunk;
  }

  #send(id: string, text: string): void {
    const trunk = this.#sockets.get(id)?.trunk;
    if (!trunk) return;
    const frame = JSON.parse(text) as Frame;
    if (frame.action === 'unsubscribe') this.#unfollow(trunk, id, frame, text);
    else if (frame.action !== 'subscribe') post(trunk, text);
    else {
      for (const { channel } of frame.channels ?? [frame]) {
        const followers = trunk.followers.get(channel) ?? new Set();
        trunk.followers.set(channel, followers.add(id));
      }
      if (trunk.leaving.size > 0) trunk.held.push(text);
      else post(trunk, text);
    }
  }

  /** The server unfollows a channel when the last tab does. */
  #unfollow(trunk: Trunk, user: string, { id, channel }: Frame, text: string): void {
    const followers = trunk.followers.get(channel);
    followers?.delete(user);
    if (followers?.size) {
      this.#parts.say({ trunk: trunk.id, text: JSON.stringify({ type: 'unsubscribed', id, channel }) });
      return;
    }
    trunk.followers.delete(channel);
    trunk.leaving.add(id);
    this.#parts.after(LEAVE_WITHIN_MS, () => this.#left(trunk, id));
    post(trunk, text);
  }

  #left(trunk: Trunk, id = ''): void {
    if (!trunk.leaving.delete(id) || trunk.leaving.size > 0) return;
    for (const text of trunk.held.splice(0)) post(trunk, text);
  }

  #drop(user: string): void {
    const trunk = this.#sockets.get(user)?.trunk;
    if (!trunk) return;
    this.#sockets.delete(user);
    trunk.users.delete(user);
    trunk.doubtful ||= trunk.unanswered;
    if (trunk.users.size === 0) {
      this.#trunks.delete(trunk);
      trunk.socket?.close();
      return;
    }
    for (const [channel, followers] of trunk.followers) {
      if (!followers.has(user)) continue;
      const frame = { action: 'unsubscribe', id: this.#parts.newId(), channel };
      this.#unfollow(trunk, user, frame, JSON.stringify(frame));
    }
  }
}

interface Frame {
  readonly action: string;
  readonly id: string;
  readonly channel: string;
  readonly channels?: readonly { readonly channel: string }[];
}

const post = (trunk: Trunk, text: string): void => {
  trunk.unanswered = true;
  trunk.socket?.send(text);
};
