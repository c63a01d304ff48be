import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryPresenceStore } from '../../src/adapters/local/memory-presence-store.ts';
import { presenceStoreContract } from './presence-store.contract.ts';

presenceStoreContract({
  name: 'MemoryPresenceStore',
  lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
  open: async () => {
    const clock = new ManualClock();
    return { port: new MemoryPresenceStore({ clock }), clock, advance: ms => clock.advance(ms) };
  },
});
