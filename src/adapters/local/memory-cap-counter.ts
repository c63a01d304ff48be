import type { Cap } from '../../domain/category.ts';
import type { MessageId, UserId } from '../../domain/ids.ts';
import type { CapCounter } from '../../ports/cap-counter.ts';

export class MemoryCapCounter implements CapCounter {
  /** By user, then by category: when each message took its place. */
  readonly #taken = new Map<UserId, Map<string, Map<MessageId, number>>>();

  async take(user: UserId, category: string, message: MessageId, cap: Cap, now: number): Promise<boolean> {
    const categories = this.#taken.get(user) ?? new Map<string, Map<MessageId, number>>();
    const places = categories.get(category) ?? new Map<MessageId, number>();
    this.#taken.set(user, categories.set(category, places));
    if (places.has(message)) return true;
    for (const [other, at] of places) if (at <= now - cap.windowMs) places.delete(other);
    if (places.size >= cap.max) return false;
    places.set(message, now);
    return true;
  }

  async erase(user: UserId): Promise<void> {
    this.#taken.delete(user);
  }
}
