import { setTimeout as sleep } from 'node:timers/promises';
import { CORE_METRICS, CoreUsage } from '../core-usage.ts';
import { SocketPool } from '../load/socket-pool.ts';
import type { ServerProcess } from '../server-process.ts';
import type { Outcome, Scenario } from './scenario.ts';

const CONNECTIONS = 3_000;
/** Opened and closed before the clock starts: see `throughput.ts`. */
const WARM_UP = 300;
/** So that their ends are not in the measurement. */
const SETTLE_MS = 500;

const run = async (running: ServerProcess): Promise<Outcome> => {
  const { port, server } = running;
  const open = (from: number, count: number) =>
    SocketPool.open({ port, conversation: server.conversation, from, count, inFlight: 64 });

  (await open(0, WARM_UP)).close();
  await sleep(SETTLE_MS);
  const usage = new CoreUsage(running.pid);
  const start = performance.now();
  const sockets = await open(WARM_UP, CONNECTIONS);
  const elapsed = performance.now() - start;
  const { serverMs, values } = usage.stop();

  const { faults } = sockets;
  sockets.close();
  return {
    values: [(CONNECTIONS / elapsed) * 1e3, (serverMs * 1e3) / CONNECTIONS, ...values],
    faults,
  };
};

export const connect: Scenario = {
  letter: 'd',
  title: `${CONNECTIONS} connections, each subscribed, 64 handshakes in flight`,
  metrics: [
    { name: 'connections/s' },
    { name: 'server time per connection, µs', detail: true },
    ...CORE_METRICS,
  ],
  run,
};
