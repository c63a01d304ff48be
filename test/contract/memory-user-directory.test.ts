import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryUserDirectory } from '../../src/adapters/local/memory-user-directory.ts';
import { userDirectoryContract } from './user-directory.contract.ts';

userDirectoryContract({
  name: 'MemoryUserDirectory',
  lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
  open: async () => {
    const clock = new ManualClock();
    return { port: new MemoryUserDirectory(), clock, advance: ms => clock.advance(ms) };
  },
});
