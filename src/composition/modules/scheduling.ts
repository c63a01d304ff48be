import { ContainerModule } from 'inversify';
import { CronerCron } from '../../adapters/croner/croner-cron.ts';
import { Repeater } from '../../adapters/system/repeater.ts';
import { EraseUser } from '../../domain/use-cases/erase-user.ts';
import { ExportUser } from '../../domain/use-cases/export-user.ts';
import { ManageSchedules } from '../../domain/use-cases/manage-schedules.ts';
import { RunDue } from '../../domain/use-cases/run-due.ts';
import { Schedule } from '../../domain/use-cases/schedule.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';

/** How late a run can be, for all that we wait ourselves. */
const TICK_MS = 250;

/** What a server of one's own has beyond the rest: schedules, with its own clock, and all that is kept of a person. */
export const scheduling = new ContainerModule(options => {
  const { clock, ids, logger, metrics, notify } = TOKENS;
  const { schedules, devices, cron, runDue } = LOCAL_TOKENS;
  singleton(options, cron, {}, () => new CronerCron());
  singleton(options, LOCAL_TOKENS.schedule, { schedules, cron, clock, ids }, parts => new Schedule(parts));
  const { store, inbox } = TOKENS;
  const { users, preferences, log } = LOCAL_TOKENS;
  const kept = { schedules, devices, store, inbox, users, preferences, log };
  singleton(options, LOCAL_TOKENS.eraseUser, kept, parts => new EraseUser(parts));
  singleton(options, LOCAL_TOKENS.exportUser, kept, parts => new ExportUser(parts));
  singleton(
    options,
    LOCAL_TOKENS.manageSchedules,
    { schedules, cron, clock },
    parts => new ManageSchedules(parts),
  );
  singleton(options, runDue, { schedules, notify, cron, clock, logger, metrics }, parts => new RunDue(parts));
  singleton(
    options,
    LOCAL_TOKENS.ticking,
    { clock, logger, metrics, runs: runDue },
    ({ runs, ...parts }) =>
      new Repeater({ ...parts, name: 'schedules', restMs: TICK_MS, work: () => runs.execute() }),
  );
});
