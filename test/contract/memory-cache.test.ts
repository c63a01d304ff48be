import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryCache } from '../../src/adapters/local/memory-cache.ts';
import { cacheContract } from './cache.contract.ts';

cacheContract({
  name: 'MemoryCache',
  lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
  open: async limits => {
    const clock = new ManualClock();
    return { port: new MemoryCache({ clock, ...limits }), clock, advance: ms => clock.advance(ms) };
  },
});
