import { setTimeout as sleep } from 'node:timers/promises';
import { SocketPool } from '../load/socket-pool.ts';
import type { ServerProcess } from '../server-process.ts';
import type { Outcome, Scenario } from './scenario.ts';

const CONNECTIONS = 5_000;
/** Opened and closed first, so that what a server loads on its first connection is not counted. */
const WARM_UP = 100;
const SETTLE_MS = 3_000;

const run = async (running: ServerProcess): Promise<Outcome> => {
  const { port, server } = running;
  const open = (from: number, count: number) =>
    SocketPool.open({ port, conversation: server.conversation, from, count, inFlight: 64 });

  (await open(0, WARM_UP)).close();
  await sleep(SETTLE_MS);
  const before = running.residentKb();
  const sockets = await open(WARM_UP, CONNECTIONS);
  await sleep(SETTLE_MS);
  const after = running.residentKb();

  const { faults } = sockets;
  sockets.close();
  return { values: [(after - before) / CONNECTIONS, before / 1024], faults };
};

export const memory: Scenario = {
  letter: 'c',
  title: `${CONNECTIONS} idle subscribed connections`,
  metrics: [{ name: 'resident KB/connection' }, { name: 'resident before, MB', detail: true }],
  run,
};
