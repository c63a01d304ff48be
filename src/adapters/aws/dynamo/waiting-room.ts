import type { Channel } from '../../../domain/channel.ts';
import type { MessageId } from '../../../domain/ids.ts';
import type { Appended } from '../../../ports/message-store.ts';
import type { Entry } from '../../storage/log-entry.ts';
import { TRANSACTION_OPERATIONS } from './dynamo-table.ts';
import type { LogParts } from './log-commit.ts';
import { BATCH, commit, readHead } from './log-commit.ts';
import type { Group } from './message-items.ts';
import { groupItem, groupKey, idKey, toGroup, toPlace, waitingKey } from './message-items.ts';

/** Groups looked at in one go: as many as fit into one transaction when each is a single message. */
const GROUPS_LOOKED_AT = 33;
/** Whoever has waited for longer has long given up, or died: its messages must not turn up out of the blue. */
const FORSAKEN_AFTER_MS = 30_000;
/** Waits begin as long as a transaction takes, since whoever waits a little finds it done by another. */
const FIRST_ATTEMPT = 2;
/** So many looks are left to whoever waits longest, lest all go at once; it may have died. */
const PATIENCE = 3;

interface Room {
  /** Who came first is first. */
  readonly groups: readonly Group[];
  /** Nobody else waits. */
  readonly complete: boolean;
}

const NOBODY: Room = { groups: [], complete: true };

/**
 * Where many instances write to one channel at once, all but one are overtaken each time. Here the overtaken leave
 * their entries, as a group, and whoever moves the head next takes along all who wait: one transaction serves
 * everyone, the more the better, and nobody is overtaken forever.
 */
export class WaitingRoom {
  readonly #parts: LogParts;

  constructor(parts: LogParts) {
    this.#parts = parts;
  }

  /**
   * @param entries as many as fit into one item
   * @returns where each stands, by its token
   * @throws FanfareError `unavailable` when it took too long
   */
  async bringIn(channel: Channel, entries: readonly Entry[]): Promise<ReadonlyMap<string, Appended>> {
    const appended = new Map<string, Appended>();
    const duplicates = new Set<string>();
    let own = await this.#enter(channel, entries);
    for (let attempt = FIRST_ATTEMPT; ; attempt++) {
      await this.#parts.table.pause(attempt);
      const room = (await this.#wasTaken(own)) ? NOBODY : await this.#look(channel);
      const waits = !room.complete || room.groups.some(({ token }) => token === own.token);
      const leads = room.groups[0]?.token === own.token || attempt >= FIRST_ATTEMPT + PATIENCE;
      if (waits && !leads) continue;
      if (waits && !(await this.#takeAlong(channel, room, duplicates)).has(own.token)) continue;
      const lost = await this.#trace(own.entries, appended);
      if (lost.length === 0) return appended;
      own = await this.#enter(channel, lost);
    }
  }

  async #enter(channel: Channel, entries: readonly Entry[]): Promise<Group> {
    const { table, clock, ids } = this.#parts;
    // Any number that no other group has will do; should two ever meet, the one that is overwritten enters again.
    const place = Math.floor(ids.random() * Number.MAX_SAFE_INTEGER);
    const group: Group = { channel, place, token: ids.next(), since: clock.now(), entries };
    await table.put({ Item: groupItem(table, group) });
    return group;
  }

  async #look(channel: Channel): Promise<Room> {
    const { table, clock } = this.#parts;
    const { items, more } = await table.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': waitingKey(table, channel) },
      Limit: GROUPS_LOOKED_AT,
    });
    const groups = items.map(item => toGroup(channel, item)).sort((a, b) => a.since - b.since);
    const firstRecent = groups.findIndex(({ since }) => since >= clock.now() - FORSAKEN_AFTER_MS);
    const forsaken = groups.splice(0, firstRecent < 0 ? groups.length : firstRecent);
    await table.deleteAll(forsaken.map(group => groupKey(table, group)));
    return { groups, complete: more === undefined };
  }

  /** The cheap way to know: the first entry is in the log. Otherwise it may still be that it was a duplicate. */
  async #wasTaken({ entries: [first] }: Group): Promise<boolean> {
    return first !== undefined && (await this.#place(first))?.token === first.token;
  }

  async #place(entry: Entry) {
    const item = await this.#parts.table.get(idKey(this.#parts.table, entry));
    return item && toPlace(item);
  }

  /** Finds where the entries of a group that was taken stand. @returns those that stand nowhere */
  async #trace(entries: readonly Entry[], appended: Map<string, Appended>): Promise<readonly Entry[]> {
    const places = await Promise.all(entries.map(entry => this.#place(entry)));
    return entries.filter(({ token }, index) => {
      const place = places[index];
      if (place !== undefined)
        appended.set(token, { position: place.position, duplicate: place.token !== token });
      return place === undefined;
    });
  }

  /**
   * @param duplicates tokens of entries known to stand in the log already; it learns more of them
   * @returns the tokens of the groups that were taken
   */
  async #takeAlong(
    channel: Channel,
    { groups }: Room,
    duplicates: Set<string>,
  ): Promise<ReadonlySet<string>> {
    const { table } = this.#parts;
    const party = partyOf(groups, duplicates);
    const deleting = party.groups.map(group => groupKey(table, group));
    if (party.entries.length === 0) {
      await table.deleteAll(deleting);
      return new Set(party.groups.map(({ token }) => token));
    }
    const head = await readHead(table, channel);
    const result = await commit(this.#parts, { channel, head, entries: party.entries, deleting });
    if (result.outcome === 'duplicates') for (const [{ token }] of result.places) duplicates.add(token);
    return new Set(result.outcome === 'done' ? party.groups.map(({ token }) => token) : []);
  }
}

/** Whole groups from the front, as many as fit into one transaction; of each id, one entry. */
const partyOf = (groups: readonly Group[], duplicates: ReadonlySet<string>) => {
  const taken: Group[] = [];
  const entries = new Map<MessageId, Entry>();
  let [operations, bytes] = [1, 0];
  for (const group of groups) {
    const fresh = group.entries.filter(({ id, token }) => !entries.has(id) && !duplicates.has(token));
    operations += 1 + 2 * fresh.length;
    bytes += fresh.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
    if (operations > TRANSACTION_OPERATIONS || bytes > BATCH.bytes) break;
    taken.push(group);
    for (const entry of fresh) entries.set(entry.id, entry);
  }
  return { groups: taken, entries: [...entries.values()] };
};
