import type { Channel } from '../../domain/channel.ts';
import type { Retention } from '../../domain/channel-policy.ts';
import { DEFAULT_RETENTION } from '../../domain/channel-policy.ts';
import type { MessageId } from '../../domain/ids.ts';
import type { Message, MessageDraft, Position } from '../../domain/message.ts';
import type { Clock } from '../../ports/clock.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { Appended, LogPage, LogQuery, MessageStore } from '../../ports/message-store.ts';

export const DEFAULT_KEPT_CHANNELS = 100_000;

export interface MemoryMessageStoreOptions {
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** What each channel keeps; the default where absent. */
  readonly retention?: (channel: Channel) => Retention;
  /** Beyond so many, the log written to longest ago is lost as a whole, empty ones first; at least 1. */
  readonly maxChannels?: number;
}

export class MemoryMessageStore implements MessageStore {
  readonly #clock: Clock;
  readonly #retention: (channel: Channel) => Retention;
  readonly #maxChannels: number;
  readonly #epochBase: string;
  /** Raised whenever a log is lost, so that what comes after never continues under an epoch of before. */
  #generation = 0;
  /** Logs that keep messages; the one written to longest ago first. */
  readonly #filled = new Map<Channel, Log>();
  /** Logs of which only the place is known: nobody wrote yet, or all has aged away. The longest so first. */
  readonly #empty = new Map<Channel, Log>();

  constructor({ clock, ids, retention, maxChannels }: MemoryMessageStoreOptions) {
    this.#clock = clock;
    this.#epochBase = ids.next();
    this.#retention = retention ?? (() => DEFAULT_RETENTION);
    this.#maxChannels = maxChannels ?? DEFAULT_KEPT_CHANNELS;
  }

  async append(draft: MessageDraft): Promise<Appended> {
    const log = this.#logOf(draft.channel);
    const known = log.offsetOf(draft.id);
    if (known !== undefined) return { position: { epoch: log.epoch, offset: known }, duplicate: true };
    log.append(draft, this.#retention(draft.channel).maxMessages);
    this.#empty.delete(draft.channel);
    this.#filled.delete(draft.channel);
    this.#filled.set(draft.channel, log);
    this.#emptyAged();
    this.#keepWithinBounds();
    return { position: log.position, duplicate: false };
  }

  async read(channel: Channel, query: LogQuery): Promise<LogPage> {
    return this.#logOf(channel).read(query);
  }

  async position(channel: Channel): Promise<Position> {
    return this.#logOf(channel).position;
  }

  async erase(channel: Channel): Promise<void> {
    const known = this.#filled.get(channel) ?? this.#empty.get(channel);
    this.#filled.delete(channel);
    this.#empty.delete(channel);
    if (known !== undefined) this.#generation++;
  }

  /** The log as it is by now. Asking for one that nobody wrote to settles the epoch that it will have. */
  #logOf(channel: Channel): Log {
    const known = this.#filled.get(channel) ?? this.#empty.get(channel);
    if (known === undefined) return this.#start(channel);
    known.trim(this.#agedUntil(channel));
    return known;
  }

  #start(channel: Channel): Log {
    const log = new Log(`${this.#epochBase}.${this.#generation}`);
    this.#empty.set(channel, log);
    this.#keepWithinBounds();
    return log;
  }

  /** One log more than allowed at the most, since it is called at every start. */
  #keepWithinBounds(): void {
    if (this.#filled.size + this.#empty.size <= this.#maxChannels) return;
    for (const logs of [this.#empty, this.#filled]) {
      for (const [channel, log] of logs) {
        logs.delete(channel);
        if (log.position.offset > 0) this.#generation++;
        return;
      }
    }
  }

  /**
   * Frees what nobody asks for any more: the logs whose newest message is too old, up to the first that is not. One of
   * a shorter retention behind it waits until it is asked for, or until its turn comes.
   */
  #emptyAged(): void {
    for (const [channel, log] of this.#filled) {
      const agedUntil = this.#agedUntil(channel);
      if (log.newestSentAt > agedUntil) return;
      log.trim(agedUntil);
      this.#filled.delete(channel);
      this.#empty.set(channel, log);
    }
  }

  /** What was sent then or before is no longer kept. */
  #agedUntil(channel: Channel): number {
    return this.#clock.now() - this.#retention(channel).maxAgeMs;
  }
}

/** One channel's log: an array whose front is trimmed, and where each id stands in it. */
class Log {
  readonly epoch: string;
  /** The first `#start` of them are no longer kept. */
  #messages: Message[] = [];
  #start = 0;
  #head = 0;
  #offsets: Map<MessageId, number> | undefined;

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  get position(): Position {
    return { epoch: this.epoch, offset: this.#head };
  }

  /** The oldest offset that is kept, or the next one to be given. */
  get #firstKept(): number {
    return this.#head + 1 - (this.#messages.length - this.#start);
  }

  get newestSentAt(): number {
    return this.#messages.at(-1)?.sentAt ?? 0;
  }

  offsetOf(id: MessageId): number | undefined {
    return this.#offsets?.get(id);
  }

  append(draft: MessageDraft, maxMessages = Number.POSITIVE_INFINITY): void {
    this.#head++;
    this.#messages.push({ ...draft, epoch: this.epoch, offset: this.#head });
    this.#offsets ??= new Map();
    this.#offsets.set(draft.id, this.#head);
    while (this.#messages.length - this.#start > maxMessages) this.#dropFirst();
    this.#compact();
  }

  trim(agedUntil: number): void {
    while ((this.#messages[this.#start]?.sentAt ?? Number.POSITIVE_INFINITY) <= agedUntil) this.#dropFirst();
    this.#compact();
  }

  read({ after, before, limit }: LogQuery): LogPage {
    return after === undefined
      ? this.#readBack(Math.min(before ?? Number.POSITIVE_INFINITY, this.#head + 1), limit)
      : this.#readOn(after, limit);
  }

  #readOn(after: number, limit: number): LogPage {
    const from = Math.max(after + 1, this.#firstKept);
    const messages = this.#slice(from, from + limit);
    const last = messages.at(-1)?.offset ?? this.#head;
    const trimmed = after + 1 < this.#firstKept;
    return { messages, position: this.position, complete: last === this.#head, trimmed };
  }

  #readBack(before: number, limit: number): LogPage {
    const from = Math.max(1, before - limit);
    const trimmed = from < Math.min(before, this.#firstKept);
    return {
      messages: this.#slice(from, before),
      position: this.position,
      complete: from <= this.#firstKept,
      trimmed,
    };
  }

  /** What is kept of the offsets `from` up to but not including `to`. */
  #slice(from: number, to: number): readonly Message[] {
    const shift = this.#start - this.#firstKept;
    return this.#messages.slice(
      Math.max(from, this.#firstKept) + shift,
      Math.max(to, this.#firstKept) + shift,
    );
  }

  #dropFirst(): void {
    const first = this.#messages[this.#start];
    if (first !== undefined) this.#offsets?.delete(first.id);
    this.#start++;
  }

  /** Gives the memory back once half of it is dead, so that an append costs the same on average however long the log. */
  #compact(): void {
    if (this.#start * 2 <= this.#messages.length) return;
    this.#messages = this.#messages.slice(this.#start);
    this.#start = 0;
    if (this.#messages.length === 0) this.#offsets = undefined;
  }
}
