import type { Channel } from '../../../domain/channel.ts';
import type { Appended } from '../../../ports/message-store.ts';
import type { Entry } from '../../storage/log-entry.ts';
import { fitting, unplaced } from '../../storage/log-entry.ts';
import type { LogParts } from './log-commit.ts';
import { after, commit, readHead } from './log-commit.ts';
import { WaitingRoom } from './waiting-room.ts';

/** Tries on one's own before joining the others: the first refusal tells where the head is, so the next may do. */
const TRIES_ALONE = 2;
/** After having been overtaken, so many writes join the others at once, since they are probably still there. */
const CROWDED_WRITES = 8;
/** Channels remembered as crowded at once. */
const CROWDED_CHANNELS = 1_000;

/**
 * Brings entries into a log, whoever else writes to it: alone, in one read and one transaction, where nobody is in the
 * way, and from the waiting room where somebody is.
 */
export class LogWriter {
  readonly #parts: LogParts;
  readonly #room: WaitingRoom;
  /** How many writes are still to join the others; the channel longest so first. */
  readonly #crowded = new Map<Channel, number>();

  constructor(parts: LogParts) {
    this.#parts = parts;
    this.#room = new WaitingRoom(parts);
  }

  /**
   * @param entries all of different ids
   * @returns where each stands, in their order
   * @throws FanfareError `unavailable` when it took too long; then they may still come in within half a minute
   */
  async write(channel: Channel, entries: readonly Entry[]): Promise<readonly Appended[]> {
    const appended = await this.#bringIn(channel, entries);
    return entries.map(({ id, token }) => appended.get(token) ?? unplaced(id));
  }

  /** @returns where each stands, by its token */
  async #bringIn(channel: Channel, entries: readonly Entry[]): Promise<ReadonlyMap<string, Appended>> {
    const appended = new Map<string, Appended>();
    const joinsAtOnce = isSmall(entries) && this.#isCrowded(channel);
    const left = joinsAtOnce ? entries : await this.#writeAlone(channel, entries, appended);
    if (left.length === 0) return appended;
    return new Map([...appended, ...(await this.#room.bringIn(channel, left))]);
  }

  /** @returns those that shall join the others, who are in the way */
  async #writeAlone(
    channel: Channel,
    entries: readonly Entry[],
    appended: Map<string, Appended>,
  ): Promise<readonly Entry[]> {
    const { table } = this.#parts;
    let left = entries;
    let head = await readHead(table, channel);
    for (let overtaken = 0; left.length > 0; ) {
      const result = await commit(this.#parts, { channel, head, entries: left });
      if (result.outcome === 'overtaken') {
        if (++overtaken >= TRIES_ALONE) {
          this.#rememberCrowded(channel, CROWDED_WRITES);
          if (isSmall(left)) return left;
          await table.pause(overtaken - TRIES_ALONE);
        }
        const isFresh = overtaken < TRIES_ALONE && result.head !== undefined;
        head = isFresh ? result.head : await readHead(table, channel);
      } else if (result.outcome === 'duplicates') {
        for (const [{ token }, { position }] of result.places)
          appended.set(token, { position, duplicate: true });
      } else {
        for (const [index, { token }] of left.entries())
          appended.set(token, { position: after(result.start, index + 1), duplicate: false });
      }
      left = left.filter(({ token }) => !appended.has(token));
    }
    return [];
  }

  #isCrowded(channel: Channel): boolean {
    const writes = this.#crowded.get(channel) ?? 0;
    this.#rememberCrowded(channel, writes - 1);
    return writes > 0;
  }

  #rememberCrowded(channel: Channel, writes: number): void {
    this.#crowded.delete(channel);
    if (writes > 0) this.#crowded.set(channel, writes);
    const [longestSo] = this.#crowded.keys();
    if (this.#crowded.size > CROWDED_CHANNELS && longestSo !== undefined) this.#crowded.delete(longestSo);
  }
}

/** Many entries fill a transaction by themselves, and have nothing to gain from company. */
const isSmall = (entries: readonly Entry[]): boolean => fitting(entries, SMALL) === entries.length;
/** They wait in one item, which DynamoDB limits to 400 KB, less what is not content. */
const SMALL = { entries: 16, bytes: 390_000 } as const;
