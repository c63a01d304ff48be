import { userChannel } from '../../src/domain/channel.ts';
import type { UserId } from '../../src/domain/ids.ts';
import { messageId, notificationId, userId } from '../../src/domain/ids.ts';
import type { TrailEntry, TrailEvent } from '../../src/domain/trail.ts';

export const USERS = 1_000;

export const userOf = (number: number): UserId => userId(`u${number % USERS}`);

/** What a notification that a phone was told of leaves behind. @param began ms since 1970, a day after the first one */
export const story = (number: number, began: number): readonly TrailEntry[] => {
  const user = userOf(number);
  const about = { notificationId: notificationId(`ntf_${number}`), user };
  const job = `${messageId(`ntf_${number}.user:${user}`)}/inline`;
  const at = began - 86_400_000 + number * 10;
  const events: readonly TrailEvent[] = [
    {
      kind: 'received',
      from: userId('shop'),
      channel: userChannel(user),
      priority: 'normal',
      title: 'Shipped',
    },
    { kind: 'push-planned', dueAt: at + 5_000 },
    { kind: 'posted', job, attempt: 0, delivered: 0, gone: 1, throttled: 0, failed: 0 },
    { kind: 'push-decided', decision: 'push', rule: 'allowed', devices: 1 },
    { kind: 'device', deviceId: 'dev_1', platform: 'fcm', outcome: 'delivered', attempt: 0 },
  ];
  return events.map((event, index) => ({ ...about, at: at + index * 1_000, event }));
};
