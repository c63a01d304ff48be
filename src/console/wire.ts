import { systemRuntime } from '../client/runtime.ts';
import type { Socket, SocketEvents, Transport } from '../client/transport.ts';
import { webSocket } from '../client/transport.ts';

export type Direction = 'in' | 'out';

interface Open {
  readonly socket: Socket;
  readonly on: SocketEvents;
}

/** How a browser tells that a connection ended without a word. */
const ABNORMAL = 1006;

/** A screen's network, which can be cut: what goes over it is seen, and nothing comes through while it is cut. */
export class Wire implements Transport {
  readonly #frame: (direction: Direction, text: string) => void;
  readonly #open = new Set<Open>();
  readonly #wakers = new Set<() => void>();
  readonly #caughtUp = new Set<string>();
  #isCut = false;

  constructor(frame: (direction: Direction, text: string) => void) {
    this.#frame = frame;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  /** Whether the message came with the answer to a subscription: it was missed before. */
  wasMissed(messageId: string): boolean {
    return this.#caughtUp.delete(messageId);
  }

  cut(): void {
    this.#isCut = true;
    const open = [...this.#open];
    this.#open.clear();
    for (const { socket, on } of open) {
      socket.close();
      on.close(ABNORMAL, 'the network is cut');
    }
  }

  restore(): void {
    this.#isCut = false;
    for (const wake of this.#wakers) wake();
  }

  /** What a client is to be told of: the system's own reasons to try again, and this network's return. */
  onWake = (callback: () => void): (() => void) => {
    const stop = systemRuntime.onWake(callback);
    this.#wakers.add(callback);
    return () => {
      stop();
      this.#wakers.delete(callback);
    };
  };

  open(url: string, protocols: string[], on: SocketEvents): Socket {
    if (this.#isCut) {
      setTimeout(() => on.close(ABNORMAL, 'the network is cut'));
      return { send: () => {}, close: () => {} };
    }
    const ifOpen =
      <Given extends unknown[]>(then: (...given: Given) => void) =>
      (...given: Given): void => {
        if (this.#open.has(open)) then(...given);
      };
    const socket = webSocket.open(url, protocols, {
      open: ifOpen(on.open),
      message: ifOpen(text => {
        this.#see(text);
        on.message(text);
      }),
      close: ifOpen((code, reason) => {
        this.#open.delete(open);
        on.close(code, reason);
      }),
    });
    const open: Open = { socket, on };
    this.#open.add(open);
    return {
      send: text => {
        this.#frame('out', text);
        socket.send(text);
      },
      close: () => {
        this.#open.delete(open);
        socket.close();
      },
    };
  }

  #see(text: string): void {
    this.#frame('in', text);
    const { type, channels = [] } = JSON.parse(text) as SubscribedFrame;
    if (type !== 'subscribed') return;
    for (const { messages = [] } of channels) {
      for (const { messageId } of messages) this.#caughtUp.add(messageId);
    }
  }
}

interface SubscribedFrame {
  readonly type: string;
  readonly channels?: readonly { readonly messages?: readonly { readonly messageId: string }[] }[];
}
