import { connect, type Socket } from 'node:net';
import type { Ledger } from '../../src/cli/load/ledger.ts';
import { type FrameListener, FrameScanner, readBuffer } from './frame-scanner.ts';

/** What a server wants to hear before it delivers. */
export interface Conversation {
  readonly path: string;
  /** Offered as `Sec-WebSocket-Protocol`; @param subscriber from 0 */
  readonly protocols?: (subscriber: number) => string;
  /** Said as soon as the socket is open. */
  readonly opening?: string;
  /** What a text that is no delivery calls for; `undefined` where a server should never say this. */
  answer(text: string): 'subscribed' | 'ignore' | { readonly say: string } | undefined;
}

// A constant key keeps hashing out of the load process. RFC 6455, 1.3 has this pair.
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
const PONG = 0x8a;
const TEXT = 0x81;
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** A subscribed WebSocket that counts what it gets and answers what it must. */
export class Subscriber implements FrameListener {
  readonly #index: number;
  readonly #conversation: Conversation;
  readonly #ledger: Ledger | undefined;
  readonly #scanner = new FrameScanner(this);
  readonly #socket: Socket;
  readonly #subscribed = Promise.withResolvers<void>();
  #open = false;
  #closing = false;
  #fault: string | undefined;
  #readAt = 0;

  /** @param ledger where to count; a scenario without messages has none */
  constructor(port: number, index: number, conversation: Conversation, ledger?: Ledger) {
    this.#index = index;
    this.#conversation = conversation;
    this.#ledger = ledger;
    const onread = { buffer: readBuffer, callback: (size: number) => this.#read(size) };
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.#socket.once('connect', () => this.#socket.write(this.#handshake(port)));
    this.#socket.on('error', error => this.broken(error.message));
    this.#socket.on('close', () => this.broken('cut off'));
  }

  get subscribed(): Promise<void> {
    return this.#subscribed.promise;
  }

  /** Why it stopped listening before it was told to. */
  get fault(): string | undefined {
    return this.#fault;
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  delivery(message: number): void {
    this.#ledger?.arrived(this.#index, message, this.#readAt);
  }

  text(text: string): void {
    const answer = this.#conversation.answer(text);
    if (answer === 'subscribed') this.#subscribed.resolve();
    else if (answer === undefined) this.broken(`unexpected: ${text.slice(0, 200)}`);
    else if (answer !== 'ignore') this.#say(TEXT, Buffer.from(answer.say));
  }

  ping(payload: Buffer): void {
    this.#say(PONG, payload);
  }

  broken(why: string): void {
    if (this.#closing || this.#fault !== undefined) return;
    this.#fault = why;
    this.#subscribed.reject(new Error(`subscriber ${this.#index}: ${why}`));
    this.#socket.destroy();
  }

  #read(size: number): boolean {
    this.#readAt = performance.now();
    if (this.#open) this.#scanner.scan(size);
    else this.#upgraded(size);
    return true;
  }

  /** The answer to a handshake comes in one piece on a loopback device; what follows it may be a frame. */
  #upgraded(size: number): void {
    const answer = readBuffer.toString('latin1', 0, size);
    const end = answer.indexOf('\r\n\r\n') + 4;
    if (end < 4 || !answer.startsWith('HTTP/1.1 101') || !answer.includes(ACCEPT)) {
      this.broken(`no upgrade: ${answer.slice(0, 200)}`);
      return;
    }
    this.#open = true;
    const { opening } = this.#conversation;
    if (opening !== undefined) this.#say(TEXT, Buffer.from(opening));
    if (end < size) this.#scanner.scan(size, end);
  }

  #handshake(port: number): string {
    const { path, protocols } = this.#conversation;
    const offered = protocols === undefined ? '' : `Sec-WebSocket-Protocol: ${protocols(this.#index)}\r\n`;
    return (
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${offered}\r\n`
    );
  }

  #say(opcode: typeof TEXT | typeof PONG, payload: Buffer): void {
    if (payload.length > 125)
      throw new RangeError(`a client here says at the most 125 bytes, not ${payload.length}`);
    const frame = Buffer.alloc(6 + payload.length);
    frame[0] = opcode;
    frame[1] = 0x80 | payload.length;
    MASK.copy(frame, 2);
    payload.forEach((byte, i) => {
      frame[6 + i] = byte ^ (MASK[i % 4] as number);
    });
    this.#socket.write(frame);
  }
}
