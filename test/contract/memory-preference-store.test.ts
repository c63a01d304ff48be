import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryPreferenceStore } from '../../src/adapters/local/memory-preference-store.ts';
import { preferenceStoreContract } from './preference-store.contract.ts';

preferenceStoreContract({
  name: 'MemoryPreferenceStore',
  lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
  open: async () => {
    const clock = new ManualClock();
    return { port: new MemoryPreferenceStore(), clock, advance: ms => clock.advance(ms) };
  },
});
