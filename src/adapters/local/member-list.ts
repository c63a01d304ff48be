import type { Connection } from '../../domain/connection.ts';
import type { ConnectionId } from '../../domain/ids.ts';
import type { MembersPage } from '../../ports/connection-registry.ts';

/** One connection's place in one list. */
export interface Membership {
  readonly connection: Connection;
  /** Greater than that of everyone who joined before; a page ends at one, and the next goes on after it. */
  readonly sequence: number;
  /** Kept in its place until enough have left to make tidying up worth it. */
  left: boolean;
}

/** So few leavers are not worth tidying up for. */
const TIDY_FROM = 16;

/**
 * The members of one shard of one channel, in the order of joining.
 *
 * Joining and leaving cost the same however many members there are, reading a page as much as the page is long, and
 * reading the whole again, while nobody came or went, nothing.
 */
export class MemberList {
  #memberships: Membership[];
  #leavers = 0;
  #whole: MembersPage | undefined;
  /** The whole page holds until then: its first member's expiry, in ms since 1970. */
  #wholeUntil = 0;

  constructor(first: Membership) {
    // A literal of one takes a fifth of the memory of a push to an empty array, and most lists have one member.
    this.#memberships = [first];
  }

  /** Those whose time is over among them, until somebody meets them. */
  get size(): number {
    return this.#memberships.length - this.#leavers;
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }

  join(membership: Membership): void {
    this.#memberships.push(membership);
    this.#whole = undefined;
  }

  leave(membership: Membership): void {
    membership.left = true;
    this.#leavers++;
    this.#whole = undefined;
    if (this.#leavers < TIDY_FROM || this.#leavers * 2 < this.#memberships.length) return;
    this.#memberships = this.#memberships.filter(({ left }) => !left);
    this.#leavers = 0;
  }

  /** @returns the page, and those met on the way whose time is over */
  read(
    now: number,
    limit: number,
    cursor: string | undefined,
  ): { readonly page: MembersPage; readonly expired: readonly ConnectionId[] } {
    if (cursor === undefined && this.#whole !== undefined && this.#wholeFits(now, limit)) {
      return { page: this.#whole, expired: NONE };
    }
    const connectionIds: ConnectionId[] = [];
    const expired: ConnectionId[] = [];
    let lastSequence = 0;
    let firstExpiry = Number.POSITIVE_INFINITY;
    for (let index = this.#indexAfter(cursor); index < this.#memberships.length; index++) {
      const membership = this.#memberships[index];
      if (membership === undefined || membership.left) continue;
      const { id, expiresAt } = membership.connection;
      if (expiresAt <= now) {
        expired.push(id);
        continue;
      }
      if (connectionIds.length === limit)
        return { page: { connectionIds, next: String(lastSequence) }, expired };
      connectionIds.push(id);
      lastSequence = membership.sequence;
      firstExpiry = Math.min(firstExpiry, expiresAt);
    }
    const page: MembersPage = { connectionIds };
    // With some expired, the caller takes them out, and the next read finds the list as it then is.
    if (cursor === undefined && expired.length === 0) {
      this.#whole = page;
      this.#wholeUntil = firstExpiry;
    }
    return { page, expired };
  }

  #wholeFits(now: number, limit: number): boolean {
    return now < this.#wholeUntil && this.#memberships.length - this.#leavers <= limit;
  }

  /** By halving: where the first stands that joined after the cursor. */
  #indexAfter(cursor: string | undefined): number {
    if (cursor === undefined) return 0;
    const sequence = Number(cursor);
    let low = 0;
    let high = this.#memberships.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#memberships[middle]?.sequence ?? 0) <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const NONE: readonly ConnectionId[] = [];
