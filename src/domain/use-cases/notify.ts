import type { Clock } from '../../ports/clock.ts';
import type { TrailWriter } from '../../ports/delivery-log.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { IdempotencyStore } from '../../ports/idempotency-store.ts';
import type { InboxStore } from '../../ports/inbox-store.ts';
import type { MessageStore } from '../../ports/message-store.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { PreferenceStore } from '../../ports/preference-store.ts';
import type { Categories, Category } from '../category.ts';
import type { Channel } from '../channel.ts';
import { userChannel, userOf } from '../channel.ts';
import { FanfareError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import type { UserId } from '../ids.ts';
import { notificationId } from '../ids.ts';
import type { Message } from '../message.ts';
import type { Notification, NotificationReceipt, NotificationRequest } from '../notification.ts';
import { messageIdFor } from '../notification.ts';
import { NO_PREFERENCES, preferred } from '../preferences.ts';
import type { TrailEntry } from '../trail.ts';
import { receivedEntry } from '../trail.ts';
import type { PlanPush } from './plan-push.ts';

/** How long a key is remembered, and how long one who claimed it may take. */
const KEY_TTL_MS = 24 * 60 * 60 * 1_000;
const KEY_LEASE_MS = 30_000;

export interface NotifyCommand {
  readonly identity: Identity;
  readonly request: NotificationRequest;
  /** The producer's key for this intent, and a digest of the request that came with it. */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string };
}

/**
 * Accepts a notification: stores it in every target channel's log, and in its users' inboxes, then publishes it for
 * fan-out. What a user does not want to see on screens is neither stored nor shown there.
 */
export class Notify {
  readonly #ports: NotifyPorts;

  constructor(ports: NotifyPorts) {
    this.#ports = ports;
  }

  /**
   * Under an idempotency key, the work is done once: a repeat gets the first receipt, and a retry after a crash midway
   * finishes what was begun and appends nothing twice.
   *
   * @throws FanfareError `forbidden` for another's channel without `admin`, `invalid` when already expired, `conflict`
   *   for a key that is in use or was used with another request, `unavailable` when a store or the bus is
   */
  async execute(command: NotifyCommand): Promise<NotificationReceipt> {
    const { ids, metrics } = this.#ports;
    requireMayNotify(command.identity, command.request.to);
    this.#requireFuture(command.request);
    if (command.idempotency !== undefined) return this.#once(command, command.idempotency);
    const receipt = await this.#accept(command, ids.next());
    metrics.count('notifications_accepted_total', { outcome: 'new' });
    return receipt;
  }

  async #once(
    command: NotifyCommand,
    { key, fingerprint }: { key: string; fingerprint: string },
  ): Promise<NotificationReceipt> {
    const { idempotency, ids, metrics } = this.#ports;
    const ownKey = `${command.identity.user}/${key}`;
    const claim = await idempotency.claim({
      key: ownKey,
      fingerprint,
      seed: ids.next(),
      leaseMs: KEY_LEASE_MS,
      ttlMs: KEY_TTL_MS,
    });
    switch (claim.status) {
      case 'completed':
        metrics.count('notifications_accepted_total', { outcome: 'replayed' });
        return claim.answer;
      case 'conflict':
        throw new FanfareError('conflict', 'this key was used with another request', {
          field: 'Idempotency-Key',
        });
      case 'in-progress':
        throw new FanfareError('conflict', 'a request with this key is being worked on', {
          field: 'Idempotency-Key',
          retryAfterMs: claim.retryAfterMs,
        });
      case 'claimed': {
        const receipt = await this.#acceptOrRelease(command, ownKey, claim.seed);
        metrics.count('notifications_accepted_total', { outcome: 'new' });
        return receipt;
      }
    }
  }

  async #acceptOrRelease(command: NotifyCommand, key: string, seed: string): Promise<NotificationReceipt> {
    const { idempotency } = this.#ports;
    try {
      const receipt = await this.#accept(command, seed);
      await idempotency.complete(key, receipt);
      return receipt;
    } catch (error) {
      await idempotency.release(key);
      throw error;
    }
  }

  async #accept({ identity, request }: NotifyCommand, seed: string): Promise<NotificationReceipt> {
    const { store, inbox, trail, bus, categories, planPush, clock, metrics } = this.#ports;
    const { to, ...rest } = request;
    const notification: Notification = { id: notificationId(`ntf_${seed}`), ...rest };
    const sentAt = clock.now();
    const category = categories(notification.category);

    const append = async (channel: Channel): Promise<Message | undefined> => {
      const id = messageIdFor(notification.id, channel);
      const draft = {
        id,
        channel,
        sentAt,
        from: identity.user,
        content: { kind: 'notification', notification },
      } as const;
      const user = userOf(channel);
      const received = receivedEntry(draft, notification, category);
      if (user !== undefined && !(await this.#wantsOnScreens(user, category))) {
        const kept = { kind: 'kept-from-screens', rule: 'screen-off' } as const;
        const planned = await planPush.execute({ user, messageId: id, notification, sentAt, listed: false });
        await trail.append([received, { ...received, event: kept }, ...planned]);
        return undefined;
      }
      const { position, duplicate } = await store.append(draft);
      metrics.count('messages_appended_total', { outcome: duplicate ? 'duplicate' : 'new' });
      const list = async (of: UserId): Promise<readonly TrailEntry[]> => {
        await inbox.add(of, { messageId: id, offset: position.offset, sentAt, notification });
        return planPush.execute({ user: of, messageId: id, notification, sentAt, listed: true });
      };
      const planned = user === undefined ? [] : await list(user);
      await trail.append([received, ...planned]);
      return { ...draft, ...position };
    };

    const appended = await Promise.all([...new Set(to)].map(append));
    const messages = appended.filter(message => message !== undefined);
    if (messages.length > 0) await bus.publish(messages);
    return {
      id: notification.id,
      channels: messages.map(({ channel, id, epoch, offset }) => ({ channel, messageId: id, epoch, offset })),
    };
  }

  async #wantsOnScreens(user: UserId, category: Category): Promise<boolean> {
    const stored = await this.#ports.preferences.find(user);
    return preferred(category, stored?.preferences ?? NO_PREFERENCES).screen;
  }

  #requireFuture({ expiresAt }: NotificationRequest): void {
    if (expiresAt === undefined || expiresAt > this.#ports.clock.now()) return;
    throw new FanfareError('invalid', 'expected a time in the future', { field: 'expiresAt' });
  }
}

export interface NotifyPorts {
  readonly categories: Categories;
  readonly preferences: Pick<PreferenceStore, 'find'>;
  readonly store: MessageStore;
  readonly inbox: InboxStore;
  readonly trail: TrailWriter;
  readonly planPush: Pick<PlanPush, 'execute'>;
  readonly bus: EventBus;
  readonly idempotency: IdempotencyStore<NotificationReceipt>;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly metrics: Metrics;
}

/**
 * Without `admin`, one may notify one's own screens and nobody else's.
 *
 * @throws FanfareError `forbidden`, naming the first channel that is not one's own
 */
export const requireMayNotify = (identity: Identity, to: readonly Channel[]): void => {
  if (identity.admin) return;
  const foreign = to.findIndex(channel => channel !== userChannel(identity.user));
  if (foreign === -1) return;
  throw new FanfareError('forbidden', `only an admin token may notify ${to[foreign]}`, {
    field: `to[${foreign}]`,
  });
};
