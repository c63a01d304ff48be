import type { Message, Position, Socket, SocketEvents, Transport } from '../../src/client/index.ts';
import type { VirtualTime } from './virtual-time.ts';

interface Frame {
  readonly action: string;
  readonly id: string;
  readonly channels?: readonly { readonly since?: Position }[];
  readonly since?: Position;
  readonly data?: unknown;
  readonly key: string;
  readonly after: number;
}

interface Peer {
  readonly on: SocketEvents;
  subscribed: boolean;
  /** The other end is gone, and the client was not told. */
  silent: boolean;
}

/** One life of the log. */
interface Epoch {
  readonly name: string;
  readonly messages: Message[];
  readonly keys: Map<string, number>;
  firstKept: number;
}

export interface ModelOptions {
  readonly channel: string;
  readonly lifeMs: number;
  /** Whether a push may never come, though its connection lives. */
  readonly losesPushes: boolean;
}

const MOST_REPLAYED = 3;
const PAGE = 4;
const UNAVAILABLE = { code: 'unavailable', message: 'not now', retryable: true };

/**
 * The server as PROTOCOL.md has it, with one channel, at its worst: frames are late and overtake each other, pushes come
 * twice or never, requests fail, connections do not open. Once `calm` it is at its best.
 */
export class ModelServer implements Transport {
  readonly #time: VirtualTime;
  readonly #options: ModelOptions;
  readonly #peers = new Set<Peer>();
  readonly #epochs = new Map<string, Epoch>();
  #epoch: Epoch;
  calm = false;
  opened = 0;

  constructor(time: VirtualTime, options: ModelOptions) {
    this.#time = time;
    this.#options = options;
    this.#epoch = this.#begin();
  }

  get position(): Position {
    return { epoch: this.#epoch.name, offset: this.#epoch.messages.length };
  }

  get epochs(): number {
    return this.#epochs.size;
  }

  /** What stands, or stood, at a place. */
  at({ epoch, offset }: Position): { readonly message?: Message; readonly trimmed: boolean } {
    const { messages = [], firstKept = 1 } = this.#epochs.get(epoch) ?? {};
    return { message: messages[offset - 1], trimmed: offset < firstKept };
  }

  get log(): readonly Message[] {
    return this.#epoch.messages;
  }

  append(data: unknown, key = ''): Message {
    const { name: epoch, messages, keys } = this.#epoch;
    const offset = keys.get(key) ?? messages.length + 1;
    const message = messages[offset - 1] ?? {
      channel: this.#options.channel,
      messageId: `${epoch}-${offset}`,
      epoch,
      offset,
      sentAt: '',
      from: 'bob',
      data,
    };
    messages[offset - 1] = message;
    if (key) keys.set(key, offset);
    // Who is there is found out later than the message stands in the log.
    this.#later(() => {
      for (const peer of this.#peers) if (peer.subscribed) this.#push(peer, message);
    });
    return message;
  }

  trim(kept: number): void {
    this.#epoch.firstKept = Math.max(this.#epoch.firstKept, this.#epoch.messages.length + 1 - kept);
  }

  closeAll(code: number): void {
    for (const peer of [...this.#peers]) this.#close(peer, code);
  }

  fallSilent(): void {
    for (const peer of this.#peers) peer.silent = true;
    this.#peers.clear();
  }

  forget(): void {
    this.closeAll(1006);
    this.#epoch = this.#begin();
  }

  open(_url: string, _protocols: string[], on: SocketEvents): Socket {
    const peer: Peer = { on, subscribed: false, silent: false };
    this.opened++;
    this.#peers.add(peer);
    if (this.#chance(0.1)) this.#later(() => this.#close(peer, 1006));
    else this.#later(() => this.#peers.has(peer) && on.open());
    return {
      send: text => this.#later(() => this.#peers.has(peer) && this.#answer(peer, JSON.parse(text))),
      close: () => this.#peers.delete(peer),
    };
  }

  #begin(): Epoch {
    const epoch = { name: `e${this.#epochs.size}`, messages: [], keys: new Map(), firstKept: 1 };
    this.#epochs.set(epoch.name, epoch);
    return epoch;
  }

  #close(peer: Peer, code: number): void {
    if (this.#peers.delete(peer)) peer.on.close(code, '');
  }

  #push(peer: Peer, message: Message): void {
    const times = this.#options.losesPushes && this.#chance(0.1) ? 0 : this.#chance(0.15) ? 2 : 1;
    for (let time = 0; time < times; time++) this.#send(peer, { type: 'message', ...message });
  }

  #send(peer: Peer, frame: object): void {
    this.#later(() => this.#peers.has(peer) && peer.on.message(JSON.stringify(frame)));
  }

  #answer(peer: Peer, frame: Frame): void {
    const { action, id } = frame;
    const fails = this.#chance(0.05) && action !== 'hello';
    this.#send(peer, { id, ...(fails ? { type: 'error', ...UNAVAILABLE } : this.#carryOut(peer, frame)) });
  }

  #carryOut(peer: Peer, { action, channels, since, data, key, after }: Frame): object {
    switch (action) {
      case 'hello': {
        this.#time.after(this.#options.lifeMs, () => this.#close(peer, 1001));
        const expiresAt = new Date(this.#time.now() + this.#options.lifeMs).toISOString();
        return { type: 'welcome', user: 'alice', connectionId: `c${this.opened}`, expiresAt };
      }
      case 'subscribe':
        return channels === undefined
          ? { type: 'subscribed', ...this.#subscribe(peer, since) }
          : {
              type: 'subscribed',
              channels: channels.map(one =>
                this.#chance(0.05)
                  ? { channel: this.#options.channel, error: UNAVAILABLE }
                  : this.#subscribe(peer, one.since),
              ),
            };
      case 'history':
        return { type: 'history', ...this.#history(after) };
      case 'sendMessage': {
        const { messageId, epoch, offset } = this.append(data, key);
        return { type: 'accepted', channel: this.#options.channel, messageId, epoch, offset };
      }
      default:
        return { type: 'pong' };
    }
  }

  #subscribe(peer: Peer, since: Position | undefined): object {
    peer.subscribed = true;
    const { messages, firstKept } = this.#epoch;
    const missed = messages.slice(since?.offset ?? messages.length);
    const recovered =
      since?.epoch === this.#epoch.name && missed.length <= MOST_REPLAYED && since.offset + 1 >= firstKept;
    return {
      channel: this.#options.channel,
      position: this.position,
      recovered,
      messages: recovered ? missed : [],
      complete: true,
    };
  }

  #history(after: number): object {
    const { messages, firstKept } = this.#epoch;
    const from = Math.max(after + 1, firstKept);
    const page = messages.slice(from - 1, from - 1 + PAGE);
    const complete = from + PAGE > messages.length;
    return { messages: page, position: this.position, complete, trimmed: after + 1 < firstKept };
  }

  #chance(of: number): boolean {
    return !this.calm && this.#time.random() < of;
  }

  #later(callback: () => void): void {
    this.#time.after(this.#time.random() * (this.#chance(0.15) ? 2_500 : 40), callback);
  }
}
