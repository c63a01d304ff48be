import type { Message, Position, Socket, SocketEvents, Transport } from '../../src/client/index.ts';
import { ModelLog } from './model-log.ts';
import type { VirtualTime } from './virtual-time.ts';
import { START_MS } from './virtual-time.ts';

interface Frame {
  readonly action: string;
  readonly id: string;
  readonly channel: string;
  readonly channels?: readonly { readonly channel: string; readonly since?: Position }[];
  readonly since?: Position;
  readonly data?: unknown;
  readonly key: string;
  readonly after: number;
}

interface Peer {
  readonly on: SocketEvents;
  readonly followed: Set<string>;
  /** When its token ends, in elapsed ms. */
  readonly tokenEndsAt: number;
}

export interface ModelOptions {
  readonly lifeMs: number;
  /** Whether a push may never come, though its connection lives. */
  readonly losesPushes: boolean;
  /** A connection past its token's end: closed at once, or answered `unauthenticated` at its next frame. */
  readonly atTokensEnd?: 'closes' | 'refuses';
}

const UNAVAILABLE = { code: 'unavailable', message: 'not now', retryable: true };
const UNAUTHENTICATED = { code: 'unauthenticated', message: 'the connection has expired', retryable: false };

/**
 * The server as PROTOCOL.md has it, at its worst: frames are late and overtake each other, pushes come twice or never,
 * requests fail, connections do not open. Once `calm` it is at its best.
 */
export class ModelServer implements Transport {
  readonly #time: VirtualTime;
  readonly #options: ModelOptions;
  readonly #peers = new Set<Peer>();
  readonly #logs = new Map<string, ModelLog>();
  #tokens = 0;
  calm = false;
  opened = 0;
  /** Frames that came after their connection's token had ended, or was closed by the server over it. */
  expired = 0;

  constructor(time: VirtualTime, options: ModelOptions) {
    this.#time = time;
    this.#options = options;
  }

  /** Those that are open. */
  get connections(): number {
    return this.#peers.size;
  }

  /** The channels that any connection follows. */
  get followed(): string[] {
    return [...new Set([...this.#peers].flatMap(({ followed }) => [...followed]))].toSorted();
  }

  log(channel: string): ModelLog {
    const log = this.#logs.get(channel) ?? new ModelLog(channel);
    this.#logs.set(channel, log);
    return log;
  }

  /** Alice's, unsigned; its end is in elapsed ms. */
  token(lastsMs = Number.POSITIVE_INFINITY): string {
    return `-.${btoa(JSON.stringify({ sub: 'alice', jti: ++this.#tokens, exp: this.#time.elapsed() + lastsMs }))}.-`;
  }

  append(channel: string, data: unknown, key = ''): Message {
    const message = this.log(channel).append(data, key);
    // Who is there is found out later than the message stands in the log.
    this.#later(() => {
      for (const peer of this.#peers) {
        if (peer.followed.has(channel) && peer.tokenEndsAt > this.#time.elapsed()) this.#push(peer, message);
      }
    });
    return message;
  }

  closeAll(code: number): void {
    for (const peer of [...this.#peers]) this.#close(peer, code);
  }

  /** The newest connection alone: while the client moves there, the one before stays. */
  closeNewest(code: number): void {
    const newest = [...this.#peers].at(-1);
    if (newest) this.#close(newest, code);
  }

  /** The other ends are gone, and the client is not told. */
  fallSilent(): void {
    this.#peers.clear();
  }

  open(_url: string, [, bearer]: string[], on: SocketEvents): Socket {
    const { exp } = JSON.parse(atob(bearer?.split('.')[2] ?? '')) as { exp: number | null };
    const tokenEndsAt = exp ?? Number.POSITIVE_INFINITY;
    const peer: Peer = { on, followed: new Set(), tokenEndsAt };
    this.opened++;
    this.#peers.add(peer);
    if (this.#chance(0.1) || tokenEndsAt <= this.#time.elapsed()) this.#later(() => this.#close(peer, 1006));
    else this.#later(() => this.#peers.has(peer) && on.open());
    if (this.#options.atTokensEnd === 'closes' && tokenEndsAt < Number.POSITIVE_INFINITY) {
      this.#time.after(tokenEndsAt - this.#time.elapsed(), () => {
        if (this.#peers.has(peer)) this.expired++;
        this.#close(peer, 1008, 'Token expired');
      });
    }
    return {
      send: text => this.#later(() => this.#peers.has(peer) && this.#answer(peer, JSON.parse(text))),
      close: () => this.#peers.delete(peer),
    };
  }

  #close(peer: Peer, code: number, reason = ''): void {
    if (this.#peers.delete(peer)) peer.on.close(code, reason);
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
    if (peer.tokenEndsAt <= this.#time.elapsed()) {
      this.expired++;
      this.#send(peer, { id, type: 'error', ...UNAUTHENTICATED });
      return;
    }
    const fails = this.#chance(0.05) && action !== 'hello';
    this.#send(peer, { id, ...(fails ? { type: 'error', ...UNAVAILABLE } : this.#carryOut(peer, frame)) });
  }

  #carryOut(peer: Peer, { action, channel, channels, since, data, key, after }: Frame): object {
    switch (action) {
      case 'hello': {
        this.#time.after(this.#options.lifeMs, () => this.#close(peer, 1001));
        const leftMs = Math.min(this.#options.lifeMs, peer.tokenEndsAt - this.#time.elapsed());
        // By its own clock, which nobody sets.
        const expiresAt = new Date(START_MS + this.#time.elapsed() + leftMs).toISOString();
        return { type: 'welcome', user: 'alice', connectionId: `c${this.opened}`, expiresAt };
      }
      case 'subscribe':
        return channels === undefined
          ? { type: 'subscribed', ...this.#subscribe(peer, channel, since) }
          : {
              type: 'subscribed',
              channels: channels.map(one =>
                this.#chance(0.05)
                  ? { channel: one.channel, error: UNAVAILABLE }
                  : this.#subscribe(peer, one.channel, one.since),
              ),
            };
      case 'unsubscribe':
        peer.followed.delete(channel);
        return { type: 'unsubscribed', channel };
      case 'history':
        return { type: 'history', ...this.log(channel).history(after) };
      case 'sendMessage': {
        const { messageId, epoch, offset } = this.append(channel, data, key);
        return { type: 'accepted', channel, messageId, epoch, offset };
      }
      default:
        return { type: 'pong' };
    }
  }

  #subscribe(peer: Peer, channel: string, since: Position | undefined): object {
    peer.followed.add(channel);
    return this.log(channel).subscribed(since);
  }

  #chance(of: number): boolean {
    return !this.calm && this.#time.random() < of;
  }

  #later(callback: () => void): void {
    this.#time.after(this.#time.random() * (this.#chance(0.15) ? 2_500 : 40), callback);
  }
}
