import { WebSocket } from 'ws';

/** What a client has of the room: the numbers of messages, and where to go on. */
export interface Memory {
  readonly got: Map<number, number>;
  /** In the server's own terms; undefined before it has heard of any. */
  place?: unknown;
}

/** How one kind of server is talked to. */
export interface Dialect {
  readonly path: string;
  readonly protocols?: (client: number) => string[];
  /** Said as soon as the socket is open. */
  opening?(memory: Memory): object;
  /** Notes what came. @returns what to say to it, or `following` when messages come from now on */
  hear(text: string, memory: Memory): string | 'following' | undefined;
}

/** A client that loses its connection and comes back. */
export class Resumer {
  readonly memory: Memory = { got: new Map() };
  readonly #dialect: Dialect;
  readonly #index: number;
  #socket: WebSocket | undefined;
  #onMessage = () => {};

  constructor(index: number, dialect: Dialect) {
    this.#index = index;
    this.#dialect = dialect;
  }

  /** Connects, and waits until it follows the room. */
  async connect(port: number): Promise<void> {
    const { path, protocols, opening, hear } = this.#dialect;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols?.(this.#index) ?? [], {
      perMessageDeflate: false,
    });
    this.#socket = socket;
    socket.on('open', () => opening && socket.send(JSON.stringify(opening(this.memory))));
    socket.on('error', reject);
    socket.on('message', data => {
      const answer = hear(String(data), this.memory);
      if (answer === 'following') resolve();
      else if (answer !== undefined) socket.send(answer);
      this.#onMessage();
    });
    await promise;
  }

  /** Without a word, as when a network is lost. */
  lose(): void {
    this.#socket?.on('error', () => undefined);
    this.#socket?.terminate();
  }

  /** Waits until it has so many messages, or gives up. */
  async has(count: number, withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const late = setTimeout(resolve, withinMs);
    this.#onMessage = () => {
      if (this.memory.got.size >= count) resolve();
    };
    this.#onMessage();
    await promise;
    clearTimeout(late);
    this.#onMessage = () => {};
  }
}

export const note = ({ got }: Memory, number: number): void =>
  void got.set(number, (got.get(number) ?? 0) + 1);
