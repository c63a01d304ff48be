import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { ConnectionId } from '../../../domain/ids.ts';
import type { Batch } from './batch.ts';
import type { HasDeadline } from './deadlines.ts';
import { CLOSE, FrameSizeGuard } from './frame.ts';
import type { GatewayQuotas, SlowReaderLimits } from './quotas.ts';

/** Requests of one connection that wait for an answer before its socket is read no further. */
const MAX_WAITING_REQUESTS = 64;

/** What a socket asks of the gateway that holds it. */
export interface SocketHost {
  readonly quotas: GatewayQuotas;
  readonly slowReader: SlowReaderLimits;
  now(): number;
  /** The batch that a flush starts from. */
  emptyBatch(): Batch;
  /** The socket has something to flush. */
  dirty(socket: GatewaySocket): void;
  answer(socket: GatewaySocket, text: string): Promise<Buffer | undefined>;
  /** Called once, when nothing more can be sent on the socket. */
  closed(socket: GatewaySocket, code: number): void;
  /** Called once, after `closed`, when the socket itself has ended. */
  ended(socket: GatewaySocket): void;
}

export interface SocketDetails {
  readonly id: ConnectionId;
  readonly userAgent: string;
  /** ms since 1970; closed 1008 then */
  readonly expiresAt: number;
}

/** One open WebSocket: ws reads it, and frames of our own making are written to the socket beneath. */
export class GatewaySocket implements HasDeadline {
  readonly id: ConnectionId;
  readonly userAgent: string;
  readonly connectedAt: number;
  lastActiveAt: number;
  readonly #expiresAt: number;
  readonly #host: SocketHost;
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  #batch: Batch | undefined;
  #throttledSince: number | undefined;
  #waiting = 0;
  #lastAnswer: Promise<void> | undefined;
  #closedWith: number | undefined;

  constructor(host: SocketHost, ws: WebSocket, socket: Duplex, details: SocketDetails) {
    this.id = details.id;
    this.userAgent = details.userAgent;
    this.#expiresAt = details.expiresAt;
    this.#host = host;
    this.#ws = ws;
    this.#socket = socket;
    this.connectedAt = host.now();
    this.lastActiveAt = this.connectedAt;
    this.#listen();
  }

  /** Asked of the system when it is wanted, since few want it and everyone would keep it. */
  get sourceIp(): string {
    return (this.#socket as Partial<Socket>).remoteAddress ?? '';
  }

  /** Takes a push unless the reader is too far behind. @returns whether it was taken */
  offer(frame: Buffer, now: number): boolean {
    if (this.#unsentBytes() > this.#host.slowReader.throttleBytes) return this.#throttle(now);
    this.#throttledSince = undefined;
    this.lastActiveAt = now;
    this.#enqueue(frame);
    return true;
  }

  flush(): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    this.#batch = undefined;
    this.#socket.write(batch.join());
  }

  deadline(): number {
    const { idleMs, lifeMs } = this.#host.quotas;
    return Math.min(this.lastActiveAt + idleMs, this.connectedAt + lifeMs, this.#expiresAt);
  }

  expire(): void {
    const now = this.#host.now();
    if (now >= this.#expiresAt) this.close(CLOSE.policyViolation, 'Token expired');
    else if (now >= this.connectedAt + this.#host.quotas.lifeMs) this.close(CLOSE.goingAway, 'Going away');
    else this.close(CLOSE.goingAway, 'Idle');
  }

  /** What was offered before leaves first. Closing twice is closing once. */
  close(code: number, reason: string): void {
    if (this.#closedWith !== undefined) return;
    this.flush();
    this.#ws.close(code, reason);
    this.#end(code);
  }

  /** Ends the socket without a word. */
  terminate(): void {
    this.#ws.terminate();
  }

  #listen(): void {
    const { frameBytes, messageBytes } = this.#host.quotas;
    if (frameBytes < messageBytes) {
      const guard = new FrameSizeGuard(frameBytes);
      // Before ws's own listener, so that a message whose frame is too big is refused before it is heard.
      this.#socket.prependListener('data', (chunk: Buffer) => {
        if (!guard.accepts(chunk)) this.close(CLOSE.tooBig, 'Frame too big');
      });
    }
    this.#ws.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#ws.on('error', () => undefined); // 'close' follows, with the code that ws chose
    this.#ws.on('close', code => {
      this.#end(code);
      this.#host.ended(this);
    });
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#closedWith !== undefined) return;
    if (isBinary) {
      this.close(CLOSE.unsupportedData, 'Binary frames are not supported');
      return;
    }
    this.lastActiveAt = this.#host.now();
    this.#waiting += 1;
    if (this.#waiting === MAX_WAITING_REQUESTS) this.#ws.pause();
    const text = data.toString();
    this.#lastAnswer = (this.#lastAnswer ?? Promise.resolve()).then(() => this.#answer(text));
  }

  /** Requests are answered in their order. */
  async #answer(text: string): Promise<void> {
    const frame = this.#closedWith === undefined ? await this.#host.answer(this, text) : undefined;
    if (this.#waiting === MAX_WAITING_REQUESTS) this.#ws.resume();
    this.#waiting -= 1;
    if (this.#waiting === 0) this.#lastAnswer = undefined;
    if (frame === undefined || this.#closedWith !== undefined) return;
    this.lastActiveAt = this.#host.now();
    this.#enqueue(frame);
    if (this.#unsentBytes() > this.#host.slowReader.closeBytes) this.#giveUp();
  }

  #enqueue(frame: Buffer): void {
    if (this.#batch === undefined) {
      this.#batch = this.#host.emptyBatch();
      this.#host.dirty(this);
    }
    this.#batch = this.#batch.with(frame);
  }

  #throttle(now: number): false {
    this.#throttledSince ??= now;
    if (now - this.#throttledSince > this.#host.slowReader.closeAfterMs) this.#giveUp();
    return false;
  }

  /** The close frame waits behind what is unsent; ws ends a socket that has not read it within 30 s. */
  #giveUp(): void {
    this.close(CLOSE.tryAgainLater, 'Reading too slowly');
  }

  #unsentBytes(): number {
    return this.#socket.writableLength + (this.#batch?.bytes ?? 0);
  }

  #end(code: number): void {
    if (this.#closedWith !== undefined) return;
    this.#closedWith = code;
    this.#batch = undefined;
    this.#host.closed(this, code);
  }
}
