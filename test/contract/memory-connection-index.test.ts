import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryConnectionRegistry } from '../../src/adapters/local/memory-connection-registry.ts';
import { connectionIndexContract } from './connection-index.contract.ts';

for (const shards of [1, 3]) {
  connectionIndexContract({
    name: shards === 1 ? 'MemoryConnectionRegistry' : 'MemoryConnectionRegistry, sharded',
    lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
    open: async () => {
      const clock = new ManualClock();
      const port = new MemoryConnectionRegistry({ clock, shards: () => shards });
      return {
        port,
        clock,
        advance: ms => clock.advance(ms),
        enter: async (connection, channels) => {
          await port.register(connection, channels);
        },
        leave: async connection => {
          await port.remove(connection.id);
        },
      };
    },
  });
}
