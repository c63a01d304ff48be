import { WebSocket } from 'ws';
import { expectKnown } from './known-frame.ts';
import { until } from './until.ts';

/** Longer than anything takes, on an emulator on a busy machine as well. */
const PATIENCE_MS = 20_000;

export interface Frame {
  readonly type: string;
  readonly [member: string]: unknown;
}

/**
 * A plain client of the wire protocol: it keeps every frame, and pairs answers with requests by id. A frame of ours that
 * is not what the protocol's schemas say fails the test run; what API Gateway itself answers has no type.
 */
export class FanfareSocket {
  readonly frames: Frame[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #socket: WebSocket;
  #requests = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', data => this.#keep(JSON.parse(data.toString()) as Frame));
    socket.on('error', () => undefined);
    this.closed = new Promise(resolve => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  static async open(url: string, token: string): Promise<FanfareSocket> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, ['fanfare.v1', `bearer.${token}`]);
    const opened = new FanfareSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return opened;
  }

  /** Sends a request and waits for its answer. */
  async request(frame: Readonly<Record<string, unknown>>): Promise<Frame> {
    const id = `r${++this.#requests}`;
    this.#socket.send(JSON.stringify({ ...frame, id }));
    return this.first(received => received.id === id);
  }

  /** Sends bytes as they are, and waits for the next frame. */
  async raw(data: string | Buffer, options: { binary?: boolean } = {}): Promise<Frame> {
    const before = this.frames.length;
    this.#socket.send(data, options);
    await until(() => this.frames.length > before, PATIENCE_MS);
    return this.frames[before] as Frame;
  }

  sendRaw(data: string | Buffer, options: { binary?: boolean } = {}): void {
    this.#socket.send(data, options);
  }

  async first(matches: (frame: Frame) => boolean): Promise<Frame> {
    await until(() => this.frames.some(matches), PATIENCE_MS);
    return this.frames.find(matches) as Frame;
  }

  #keep(frame: Frame): void {
    if (frame.type !== undefined) expectKnown(frame);
    this.frames.push(frame);
  }

  /** What was pushed on a channel, in the order of arrival. */
  pushed(channel: string): readonly Frame[] {
    return this.frames.filter(frame => frame.type === 'message' && frame.channel === channel);
  }

  close(): void {
    this.#socket.close();
  }

  /** Ends without a closing handshake. */
  kill(): void {
    this.#socket.terminate();
  }
}
