import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryDeviceStore } from '../../src/adapters/local/memory-device-store.ts';
import { deviceStoreContract } from './device-store.contract.ts';

deviceStoreContract({
  name: 'MemoryDeviceStore',
  lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
  open: async () => {
    const clock = new ManualClock();
    return { port: new MemoryDeviceStore(), clock, advance: ms => clock.advance(ms) };
  },
});
