import type { Cap } from '../domain/category.ts';
import type { MessageId, UserId } from '../domain/ids.ts';

/** Counts pushes against caps. */
export interface CapCounter {
  /**
   * Takes one place of a user's cap for a category. A message that has a place has it still when it asks again.
   *
   * @param now ms since 1970
   * @returns false when as many as the cap allows were taken within its window before
   */
  take(user: UserId, category: string, message: MessageId, cap: Cap, now: number): Promise<boolean>;

  erase(user: UserId): Promise<void>;
}
