import { ContainerModule } from 'inversify';
import { Repeater } from '../../adapters/system/repeater.ts';
import { ManageSchedules } from '../../domain/use-cases/manage-schedules.ts';
import { RunDue } from '../../domain/use-cases/run-due.ts';
import { RunTimes } from '../../domain/use-cases/run-times.ts';
import { Schedule } from '../../domain/use-cases/schedule.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';

/** How late a run can be, for all that we wait ourselves. */
const TICK_MS = 250;

/** What a server of one's own has beyond the rest: schedules, with its own clock. */
export const scheduling = new ContainerModule(options => {
  const { clock, ids, logger, metrics, notify } = TOKENS;
  const { schedules, users, cron, runTimes: times, runDue } = LOCAL_TOKENS;
  singleton(options, times, { cron, users }, parts => new RunTimes(parts));
  singleton(options, LOCAL_TOKENS.schedule, { schedules, times, clock, ids }, parts => new Schedule(parts));
  singleton(
    options,
    LOCAL_TOKENS.manageSchedules,
    { schedules, times, clock },
    parts => new ManageSchedules(parts),
  );
  singleton(
    options,
    runDue,
    { schedules, notify, times, clock, logger, metrics },
    parts => new RunDue(parts),
  );
  singleton(
    options,
    LOCAL_TOKENS.ticking,
    { clock, logger, metrics, runs: runDue },
    ({ runs, ...parts }) =>
      new Repeater({ ...parts, name: 'schedules', restMs: TICK_MS, work: () => runs.execute() }),
  );
});
