import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryCapCounter } from '../../src/adapters/local/memory-cap-counter.ts';
import { MemoryDeviceStore } from '../../src/adapters/local/memory-device-store.ts';
import { MemoryLockScreenStore } from '../../src/adapters/local/memory-lock-screen-store.ts';
import { MemoryPushTaskStore } from '../../src/adapters/local/memory-push-task-store.ts';
import type { Fixture } from '../support/harness.ts';
import { capCounterContract } from './cap-counter.contract.ts';
import { deviceStoreContract } from './device-store.contract.ts';
import { lockScreenStoreContract } from './lock-screen-store.contract.ts';
import { pushTaskStoreContract } from './push-task-store.contract.ts';

const lacks = { 'two-instances': 'what is kept in memory belongs to one instance' } as const;

const opening =
  <Port>(make: (clock: ManualClock) => Port) =>
  async (): Promise<Fixture<Port>> => {
    const clock = new ManualClock();
    return { port: make(clock), clock, advance: ms => clock.advance(ms) };
  };

deviceStoreContract({ name: 'MemoryDeviceStore', lacks, open: opening(() => new MemoryDeviceStore()) });
pushTaskStoreContract({ name: 'MemoryPushTaskStore', lacks, open: opening(() => new MemoryPushTaskStore()) });
lockScreenStoreContract({
  name: 'MemoryLockScreenStore',
  lacks,
  open: opening(clock => new MemoryLockScreenStore({ clock })),
});
capCounterContract({ name: 'MemoryCapCounter', lacks, open: opening(() => new MemoryCapCounter()) });
