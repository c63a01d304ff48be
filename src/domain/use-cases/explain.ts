import type { DeliveryLog, TrailPage, UserNotifications } from '../../ports/delivery-log.ts';
import { FanfareError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import { requireUser } from '../identity.ts';
import type { NotificationId, UserId } from '../ids.ts';

/** Entries, and notifications, in one answer. */
export const TRAIL_LIMIT = { default: 100, max: 500 } as const;
export const USER_NOTIFICATIONS_LIMIT = { default: 20, max: 100 } as const;

export interface ExplainRequest {
  readonly user?: UserId;
  /** Where the page before ended. */
  readonly cursor?: string;
  readonly limit?: number;
}

/** Tells what became of notifications, and why. */
export class Explain {
  readonly #log: DeliveryLog;

  constructor({ log }: { readonly log: DeliveryLog }) {
    this.#log = log;
  }

  /**
   * Everybody sees what concerns themselves, admins see all.
   *
   * @throws FanfareError `not-found` for what is not known, and in the same words for what concerns others alone
   */
  async execute(
    identity: Identity,
    id: NotificationId,
    { user, cursor, limit }: ExplainRequest,
  ): Promise<TrailPage> {
    const whose = identity.admin ? user : identity.user;
    const most = Math.min(limit ?? TRAIL_LIMIT.default, TRAIL_LIMIT.max);
    const page = await this.#log.find(id, { user: whose, cursor, limit: most });
    const isForeign = user !== undefined && whose !== user;
    if (isForeign || (cursor === undefined && page.entries.length === 0))
      throw new FanfareError('not-found', `there is no notification ${id}`);
    return page;
  }

  /** @throws FanfareError `forbidden` for whoever is neither the user nor an admin */
  async ofUser(
    identity: Identity,
    user: UserId,
    { cursor, limit }: Omit<ExplainRequest, 'user'>,
  ): Promise<UserNotifications> {
    requireUser(identity, user);
    const most = Math.min(limit ?? USER_NOTIFICATIONS_LIMIT.default, USER_NOTIFICATIONS_LIMIT.max);
    return this.#log.ofUser(user, { cursor, limit: most });
  }
}
