import { ContainerModule } from 'inversify';
import { MemoryCapCounter } from '../../adapters/local/memory-cap-counter.ts';
import { MemoryDeliveryLog } from '../../adapters/local/memory-delivery-log.ts';
import { MemoryDeviceStore } from '../../adapters/local/memory-device-store.ts';
import { MemoryIdempotencyStore } from '../../adapters/local/memory-idempotency-store.ts';
import { MemoryInboxStore } from '../../adapters/local/memory-inbox-store.ts';
import { MemoryLockScreenStore } from '../../adapters/local/memory-lock-screen-store.ts';
import { MemoryMessageStore } from '../../adapters/local/memory-message-store.ts';
import { MemoryPreferenceStore } from '../../adapters/local/memory-preference-store.ts';
import { MemoryPushTaskStore } from '../../adapters/local/memory-push-task-store.ts';
import { MemoryScheduleStore } from '../../adapters/local/memory-schedule-store.ts';
import { MemoryUserDirectory } from '../../adapters/local/memory-user-directory.ts';
import type { NotificationReceipt } from '../../domain/notification.ts';
import { alias, singleton } from '../injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';

/** Stores that end with the process. */
export const memoryStores = new ContainerModule(options => {
  const { clock, ids, policies } = TOKENS;
  singleton(
    options,
    TOKENS.store,
    { clock, ids, policies },
    ({ policies: kept, ...parts }) =>
      new MemoryMessageStore({ ...parts, retention: channel => kept.of(channel).retention }),
  );
  const { trailRetention } = LOCAL_TOKENS;
  singleton(
    options,
    LOCAL_TOKENS.log,
    { clock, retention: trailRetention },
    ({ retention, ...parts }) => new MemoryDeliveryLog({ ...parts, ...retention }),
  );
  singleton(options, LOCAL_TOKENS.schedules, {}, () => new MemoryScheduleStore());
  singleton(options, PUSH_TOKENS.tasks, {}, () => new MemoryPushTaskStore());
  singleton(options, PUSH_TOKENS.caps, {}, () => new MemoryCapCounter());
  singleton(options, PUSH_TOKENS.lockScreens, { clock }, parts => new MemoryLockScreenStore(parts));
  singleton(options, LOCAL_TOKENS.devices, {}, () => new MemoryDeviceStore());
  singleton(options, LOCAL_TOKENS.users, {}, () => new MemoryUserDirectory());
  singleton(options, LOCAL_TOKENS.preferences, {}, () => new MemoryPreferenceStore());
  alias(options, TOKENS.preferences, LOCAL_TOKENS.preferences);
  singleton(options, TOKENS.inbox, { clock }, parts => new MemoryInboxStore(parts));
  singleton(
    options,
    TOKENS.idempotency,
    { clock },
    parts => new MemoryIdempotencyStore<NotificationReceipt>(parts),
  );
});
