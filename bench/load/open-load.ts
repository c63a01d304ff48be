import { Ledger } from '../../src/cli/load/ledger.ts';
import type { ServerProcess } from '../server-process.ts';
import { Producer } from './producer.ts';
import type { Samples } from './samples.ts';
import { SocketPool } from './socket-pool.ts';

export interface Load {
  readonly ledger: Ledger;
  readonly producer: Producer;
  /** Closes all of it. @returns what went wrong with sockets and requests */
  readonly close: () => readonly string[];
}

/** As many subscribers to one channel of a server, what publishes to it, and the book of what they get. */
export const openLoad = async (
  running: ServerProcess,
  { subscribers, messages, samples }: { subscribers: number; messages: number; samples: Samples },
): Promise<Load> => {
  const ledger = new Ledger(subscribers, messages, samples);
  const { port, server } = running;
  const { conversation } = server;
  const sockets = await SocketPool.open({ port, conversation, count: subscribers, inFlight: 64, ledger });
  const producer = await Producer.open(running, ledger);
  const close = (): readonly string[] => {
    const faults = [...producer.faults, ...sockets.faults];
    producer.close();
    sockets.close();
    return faults;
  };
  return { ledger, producer, close };
};
