import type { Message, State } from '../../client/index.ts';
import { Fanfare } from '../../client/index.ts';
import type { Session } from '../session.ts';

/** Messages of each channel that one begins with. */
const EARLIER = 50;
const KEEP = 500;
const PRESENCE_EVERY_MS = 5_000;

export interface Followed {
  readonly channel: string;
  /** Who is there, or why that is not known; undefined until it has been asked for. */
  presence?: string;
}

/** Channels that the admin follows, and what was said in them. */
export class Stream {
  readonly #changed: () => void;
  readonly #client: Fanfare;
  readonly #left = new Map<string, AbortController>();
  readonly #seen = new Set<string>();
  readonly followed = new Map<string, Followed>();
  /** The newest first. */
  messages: readonly Message[] = [];
  problem = '';

  constructor(session: Session, changed: () => void) {
    this.#changed = changed;
    this.#client = new Fanfare({ url: session.socketUrl, getToken: () => session.token('admin') });
    this.#client.on('state', changed);
    this.#client.on('error', error => this.#complain(error as Error));
    this.#client.on('unrecoverable', ({ channel }) => {
      this.#complain(new Error(`some of ${channel} is no longer kept`));
    });
  }

  get state(): State {
    return this.#client.state;
  }

  follow(name: string): void {
    if (this.followed.has(name)) return;
    const left = new AbortController();
    this.problem = '';
    this.followed.set(name, { channel: name });
    this.#left.set(name, left);
    this.#changed();
    void this.#begin(name, left.signal).catch(error => {
      if (left.signal.aborted) return;
      this.unfollow(name);
      this.#complain(error);
    });
  }

  unfollow(name: string): void {
    this.#left.get(name)?.abort();
    this.#left.delete(name);
    this.followed.delete(name);
    this.messages = this.messages.filter(({ channel }) => channel !== name);
    for (const key of this.#seen) if (key.startsWith(`${name} `)) this.#seen.delete(key);
    this.#changed();
  }

  async #begin(name: string, signal: AbortSignal): Promise<void> {
    const channel = this.#client.channel(name);
    await channel.subscribe(message => this.#take(message), { signal }).ready;
    const { messages } = await channel.history({ limit: EARLIER, signal });
    for (const message of messages) this.#take(message);
    await this.#watchPresence(name, signal);
  }

  async #watchPresence(name: string, signal: AbortSignal): Promise<void> {
    const tell = (presence: string): void => {
      const followed = this.followed.get(name);
      if (followed) followed.presence = presence;
      this.#changed();
    };
    const ask = async (): Promise<void> => {
      try {
        const { count, users = [] } = await this.#client.channel(name).presence({ signal });
        const names = users.map(({ user }) => user);
        tell(
          count === 0 ? 'nobody is here' : `${count} here: ${names.sort().join(', ') || 'too many to list'}`,
        );
      } catch (error) {
        tell((error as Error).message);
        throw error;
      }
    };
    try {
      await ask();
    } catch {
      return; // it is not kept for this channel
    }
    const events = this.#client.channel(`presence:${name}`);
    const again = (): Promise<void> => ask().catch(() => {});
    // Once more when the events are followed: somebody may have come in between.
    await events.subscribe(again, { signal }).ready.then(again);
    // Who comes back within the grace is in the list again, and nobody is told.
    const asking = setInterval(again, PRESENCE_EVERY_MS);
    signal.addEventListener('abort', () => clearInterval(asking));
  }

  #take(message: Message): void {
    const key = `${message.channel} ${message.epoch} ${message.offset}`;
    if (this.#seen.has(key) || !this.followed.has(message.channel)) return;
    this.#seen.add(key);
    const found = this.messages.findIndex(({ sentAt }) => message.sentAt >= sentAt);
    const at = found === -1 ? this.messages.length : found;
    this.messages = this.messages.toSpliced(at, 0, message).slice(0, KEEP);
    this.#changed();
  }

  #complain(error: Error): void {
    this.problem = error.message;
    this.#changed();
  }
}
