import type { Cap } from '../../domain/category.ts';
import type { MessageId, UserId } from '../../domain/ids.ts';
import type { CapCounter } from '../../ports/cap-counter.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from './database.ts';
import { takeTurn } from './take-turn.ts';

/** The longest window that a cap can have: 30 days. */
const KEPT_MS = 30 * 86_400_000;

export class PostgresCapCounter implements CapCounter {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
    this.#database = database;
    this.#clock = clock;
  }

  take(user: UserId, category: string, message: MessageId, cap: Cap, now: number): Promise<boolean> {
    return this.#database.transact(async db => {
      // Who counts for the same user waits until this transaction ends.
      await takeTurn(db, `cap ${user} ${category}`);
      const taken = await db
        .selectFrom('push_cap')
        .select('message_id')
        .where('user_id', '=', user)
        .where('category', '=', category)
        .where(({ or, eb }) => or([eb('taken_at', '>', now - cap.windowMs), eb('message_id', '=', message)]))
        .execute();
      if (taken.some(({ message_id }) => message_id === message)) return true;
      if (taken.length >= cap.max) return false;
      await db
        .insertInto('push_cap')
        .values({ user_id: user, category, message_id: message, taken_at: now })
        .execute();
      return true;
    });
  }

  async erase(user: UserId): Promise<void> {
    await this.#database.run(db => db.deleteFrom('push_cap').where('user_id', '=', user).execute());
  }

  /** Deletes what no window reaches any more. @returns how many entries */
  async sweep(): Promise<number> {
    const { numDeletedRows } = await this.#database.run(db =>
      db
        .deleteFrom('push_cap')
        .where('taken_at', '<=', this.#clock.now() - KEPT_MS)
        .executeTakeFirst(),
    );
    return Number(numDeletedRows);
  }
}
