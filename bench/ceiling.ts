import { openLoad } from './load/open-load.ts';
import { Samples } from './load/samples.ts';
import { describeMachine } from './machine.ts';
import { ServerProcess } from './server-process.ts';
import { flood } from './servers.ts';

const SUBSCRIBERS = 500;
/** What one request to the flooding server brings each subscriber. */
const MESSAGES = 10_000;
const ROUNDS = 4;

/** How many frames a second the load process takes from a server that could send any number. */
export const measureCeiling = async (): Promise<void> => {
  const running = await ServerProcess.start(await flood());
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      const { ledger, producer, close } = await openLoad(running, {
        subscribers: SUBSCRIBERS,
        messages: MESSAGES,
        samples: new Samples(0, MESSAGES),
      });
      const start = performance.now();
      for (let message = 1; message < MESSAGES; message++) ledger.sent(message);
      await producer.publish(0);
      const { expected, lost, duplicated } = await ledger.settle();
      const rate = (expected - lost) / (ledger.lastAt - start) / 1e3;
      close();
      console.log(
        `${rate.toFixed(2)} million frames/s; lost ${lost}, duplicated ${duplicated} of ${expected}`,
      );
      if (lost + duplicated > 0) process.exitCode = 1;
    }
  } finally {
    await running.stop();
  }
  console.log(describeMachine());
};
