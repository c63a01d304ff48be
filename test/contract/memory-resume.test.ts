import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryConnectionRegistry } from '../../src/adapters/local/memory-connection-registry.ts';
import { MemoryMessageStore } from '../../src/adapters/local/memory-message-store.ts';
import { SequentialIds } from '../support/fakes.ts';
import { resumeContract } from './resume.contract.ts';

resumeContract({
  name: 'Memory',
  open: async () => {
    const clock = new ManualClock();
    const registry = new MemoryConnectionRegistry({ clock });
    const store = new MemoryMessageStore({ clock, ids: new SequentialIds() });
    return { port: { registry, store }, clock, advance: ms => clock.advance(ms) };
  },
});
