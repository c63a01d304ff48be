import { ContainerModule } from 'inversify';
import { LocalPushGateway } from '../../adapters/local/local-push-gateway.ts';
import { Repeater } from '../../adapters/system/repeater.ts';
import { alias, singleton } from '../injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';
import { pushPlanning } from './push-planning.ts';
import { pushWork } from './push-work.ts';

/** How late a push can be, for all that we wait ourselves. */
const TICK_MS = 250;

/** One's own clock, and phones that are none. */
const pushingHere = new ContainerModule(options => {
  const { clock, logger, metrics } = TOKENS;
  const { tasks, queue, runPushes } = PUSH_TOKENS;
  singleton(options, LOCAL_TOKENS.phones, { clock }, parts => new LocalPushGateway(parts));
  alias(options, queue, tasks);
  singleton(
    options,
    PUSH_TOKENS.ticking,
    { clock, logger, metrics, runs: runPushes },
    ({ runs, ...parts }) =>
      new Repeater({ ...parts, name: 'pushes', restMs: TICK_MS, work: () => runs.execute() }),
  );
});

/** What reaches phones that nobody is looking at. */
export const pushing: readonly ContainerModule[] = [pushPlanning, pushWork, pushingHere];
