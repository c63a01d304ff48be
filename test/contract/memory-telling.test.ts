import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryMessageStore } from '../../src/adapters/local/memory-message-store.ts';
import { MemoryPresenceStore } from '../../src/adapters/local/memory-presence-store.ts';
import { SequentialIds } from '../support/fakes.ts';
import { tellingContract } from './telling.contract.ts';

tellingContract({
  name: 'Memory',
  open: async () => {
    const clock = new ManualClock();
    const presence = new MemoryPresenceStore({ clock });
    const store = new MemoryMessageStore({ clock, ids: new SequentialIds() });
    return { port: { presence, store }, clock, advance: ms => clock.advance(ms) };
  },
});
