import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { clockContract } from './clock.contract.ts';

clockContract({
  name: 'ManualClock',
  open: async () => {
    const clock = new ManualClock();
    return { port: clock, clock, advance: ms => clock.advance(ms) };
  },
});
