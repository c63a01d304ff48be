import { connect, type Socket } from 'node:net';
import { clientFrame } from '../../src/cli/load/client-frame.ts';
import { type FrameListener, FrameScanner, readBuffer } from '../../src/cli/load/frame-scanner.ts';
import type { Ledger } from '../../src/cli/load/ledger.ts';

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
    else if (answer !== 'ignore') this.#say(answer.say);
  }

  ping(payload: Buffer): void {
    this.#socket.write(clientFrame('pong', payload));
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
    if (opening !== undefined) this.#say(opening);
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

  #say(text: string): void {
    this.#socket.write(clientFrame('text', Buffer.from(text)));
  }
}
