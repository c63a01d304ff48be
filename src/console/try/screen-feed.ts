import type { Message, State } from '../../client/index.ts';
import { Fanfare } from '../../client/index.ts';
import type { Direction } from '../wire.ts';
import { Wire } from '../wire.ts';

export const LOBBY = 'room:lobby';
/** Messages of each channel that a screen begins with. */
const EARLIER = 20;
/** Entries shown; the server's log keeps more. */
const KEEP = 100;

/** `missed`: it came when the screen was back. `earlier`: it was there before the screen. */
export type How = 'live' | 'missed' | 'earlier';

export interface Entry {
  readonly message: Message;
  readonly how: How;
  /** Nobody has said that it was read. */
  unread: boolean;
}

export interface ScreenFeedOptions {
  readonly url: string;
  readonly getToken: () => Promise<string>;
  /** What to follow beside the user's own channel, broadcast and the lobby. */
  readonly follows: readonly string[];
  readonly frame: (direction: Direction, text: string) => void;
  readonly changed: () => void;
  readonly arrived: (message: Message) => void;
}

/** What one user's device knows: a client on a wire that can be cut, and what came over it. */
export class ScreenFeed {
  readonly wire: Wire;
  readonly #options: ScreenFeedOptions;
  readonly #client: Fanfare;
  readonly #seen = new Set<string>();
  /** The newest first. */
  arrivals: Entry[] = [];
  lines: Entry[] = [];
  channels: readonly string[] = [];
  notice = '';

  constructor(options: ScreenFeedOptions) {
    const { url, getToken, frame } = options;
    this.#options = options;
    this.wire = new Wire(frame);
    this.#client = new Fanfare({
      url,
      getToken,
      transport: this.wire,
      runtime: { onWake: this.wire.onWake },
    });
    this.#client.on('state', ({ name }) => {
      if (name === 'connected') this.notice = '';
      options.changed();
    });
    this.#client.on('error', error => this.#tell((error as Error).message));
    this.#client.on('unrecoverable', ({ channel, reason }) =>
      this.#tell(reason === 'epoch' ? `${channel} began anew` : `some of ${channel} is no longer kept`),
    );
    void this.#follow().catch(error => this.#tell((error as Error).message));
  }

  get state(): State {
    return this.#client.state;
  }

  get unread(): number {
    return this.arrivals.filter(({ unread }) => unread).length;
  }

  markRead(): void {
    for (const entry of this.arrivals) entry.unread = false;
    this.#options.changed();
  }

  cut(): void {
    this.wire.cut();
    this.#options.changed();
  }

  restore(): void {
    this.wire.restore();
    this.#options.changed();
  }

  async say(text: string): Promise<void> {
    await this.#client.channel(LOBBY).send({ text });
  }

  close(): void {
    this.#client.close();
  }

  async #follow(): Promise<void> {
    const { user } = await this.#client.connected();
    this.channels = [`user:${user}`, 'broadcast', LOBBY, ...this.#options.follows];
    this.#options.changed();
    await Promise.all(this.channels.map(channel => this.#followOne(channel)));
  }

  async #followOne(name: string): Promise<void> {
    const channel = this.#client.channel(name);
    const { ready } = channel.subscribe(message =>
      this.#take(message, this.wire.wasMissed(message.messageId) ? 'missed' : 'live'),
    );
    await ready;
    const { messages } = await channel.history({ limit: EARLIER });
    for (const message of messages) this.#take(message, 'earlier');
    this.#options.changed();
  }

  #take(message: Message, how: How): void {
    const key = `${message.channel} ${message.messageId}`;
    if (message.inbox || message.presence || this.#seen.has(key)) return;
    this.#seen.add(key);
    const inLobby = message.channel === LOBBY && !message.notification;
    const entry = { message, how, unread: how !== 'earlier' && !inLobby };
    if (inLobby) this.lines = insert(this.lines, entry);
    else this.arrivals = insert(this.arrivals, entry);
    if (how === 'earlier') return;
    this.#options.changed();
    this.#options.arrived(message);
  }

  #tell(notice: string): void {
    this.notice = notice;
    this.#options.changed();
  }
}

/** The newest first, whatever order they come in. */
const insert = (entries: readonly Entry[], entry: Entry): Entry[] => {
  const found = entries.findIndex(({ message }) => isNewer(entry.message, message));
  return entries.toSpliced(found === -1 ? entries.length : found, 0, entry).slice(0, KEEP);
};

/** By offset within a channel, by time across channels. */
const isNewer = (a: Message, b: Message): boolean =>
  a.channel === b.channel && a.epoch === b.epoch ? a.offset > b.offset : a.sentAt > b.sentAt;
