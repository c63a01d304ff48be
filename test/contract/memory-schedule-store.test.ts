import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryScheduleStore } from '../../src/adapters/local/memory-schedule-store.ts';
import { scheduleStoreContract } from './schedule-store.contract.ts';

scheduleStoreContract({
  name: 'MemoryScheduleStore',
  lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
  open: async () => {
    const clock = new ManualClock();
    return { port: new MemoryScheduleStore(), clock, advance: ms => clock.advance(ms) };
  },
});
