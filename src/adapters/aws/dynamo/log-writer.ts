import type { Channel } from '../../../domain/channel.ts';
import type { Position } from '../../../domain/message.ts';
import type { Appended } from '../../../ports/message-store.ts';
import type { Entry } from './append-queue.ts';
import { TRANSACTION_OPERATIONS } from './dynamo-table.ts';
import type { LogParts, Place } from './log-commit.ts';
import { after, commit } from './log-commit.ts';
import { headKey, idKey, toPlace, toPosition } from './message-items.ts';
import type { Waiter } from './waiting-room.ts';
import { WaitingRoom } from './waiting-room.ts';

/** Tries on one's own before waiting for company. */
const TRIES_ALONE = 2;
/** Beside the head's, a transaction has three operations for each that waits: message, id, and leaving the room. */
const TAKEN_ALONG = Math.floor((TRANSACTION_OPERATIONS - 1) / 3);

/**
 * Brings entries into a log, whoever else writes to it. Where nobody does, that is one read and one transaction. Where
 * many do, all but one are overtaken each time; so the overtaken put their entries into a waiting room, from where
 * whoever moves the head next takes all along. Then one transaction serves everyone, and nobody is overtaken forever.
 */
export class LogWriter {
  readonly #parts: LogParts;
  readonly #room: WaitingRoom;

  constructor(parts: LogParts) {
    this.#parts = parts;
    this.#room = new WaitingRoom(parts);
  }

  /** @throws FanfareError `unavailable` when it took too long; the entries may still come in within half a minute */
  async write(channel: Channel, entries: readonly Entry[]): Promise<ReadonlyMap<Entry, Appended>> {
    const appended = new Map<Entry, Appended>();
    let head = await this.#readHead(channel);
    for (let overtaken = 0; overtaken < TRIES_ALONE; ) {
      const left = entries.filter(entry => !appended.has(entry));
      if (left.length === 0) return appended;
      const result = await commit(this.#parts, { channel, head, entries: left });
      if (result.outcome === 'overtaken') {
        head = result.head ?? (await this.#readHead(channel));
        overtaken++;
      } else if (result.outcome === 'done') {
        place(appended, left, result.start);
      } else {
        for (const [entry, found] of result.places) appended.set(entry, placed(entry, found));
      }
    }
    await this.#writeInCompany(channel, entries, appended);
    return appended;
  }

  async #writeInCompany(
    channel: Channel,
    entries: readonly Entry[],
    appended: Map<Entry, Appended>,
  ): Promise<void> {
    const { table } = this.#parts;
    const isLeft = (entry: Entry): boolean => !appended.has(entry);
    const own = new Map(entries.filter(isLeft).map(entry => [entry.token, entry]));
    await this.#room.enter([...own.values()]);
    const known = new Set<string>();
    for (let attempt = 0; ; attempt++) {
      await table.pause(attempt);
      const [head, { waiters, everyone }] = await Promise.all([
        this.#readHead(channel),
        this.#room.look(channel, TAKEN_ALONG),
      ]);
      const tokens = new Set(waiters.map(({ entry }) => entry.token));
      const gone = entries.filter(entry => isLeft(entry) && !tokens.has(entry.token));
      for (const entry of gone) await this.#findOrWaitAgain(entry, everyone, appended);
      if (!entries.some(isLeft)) return;
      const batch = boardable(waiters, known);
      if (batch.entries.length === 0) {
        await table.deleteAll(batch.deleting);
        continue;
      }
      const result = await commit(this.#parts, { channel, head, ...batch });
      if (result.outcome === 'done') {
        place(appended, batch.entries, result.start);
        for (const [token, entry] of own) copy(appended, token, entry);
      }
      if (result.outcome === 'duplicates') for (const [{ token }] of result.places) known.add(token);
      if (!entries.some(isLeft)) return;
    }
  }
}
