import { ContainerModule } from 'inversify';
import { ManageDevices } from '../../domain/use-cases/manage-devices.ts';
import { PlanPush } from '../../domain/use-cases/plan-push.ts';
import { PlanWithdrawal } from '../../domain/use-cases/plan-withdrawal.ts';
import { Redrive } from '../../domain/use-cases/redrive.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';

/** What is done about phones where notifications are accepted and marked, and where somebody looks into what failed. */
export const pushPlanning = new ContainerModule(options => {
  const { clock, ids, logger, categories } = TOKENS;
  const { devices } = LOCAL_TOKENS;
  const pushQueue = PUSH_TOKENS.queue;

  const managing = { devices, clock, ids, logger };
  singleton(options, LOCAL_TOKENS.manageDevices, managing, parts => new ManageDevices(parts));
  const planning = { devices, pushQueue, categories };
  singleton(options, TOKENS.planPush, planning, parts => new PlanPush(parts));
  const takingBack = { pushQueue, clock, ids };
  singleton(options, TOKENS.planWithdrawal, takingBack, parts => new PlanWithdrawal(parts));

  const again = { tasks: PUSH_TOKENS.tasks, clock, logger };
  singleton(options, PUSH_TOKENS.redrivePushes, again, ({ tasks, clock: time, logger: log }) => {
    const queue = {
      deadLetters: (limit: number) => tasks.deadLetters(limit),
      redrive: (limit: number) => tasks.redrive(limit, time.now()),
    };
    return new Redrive({ queue, logger: log }, 'pushes.redriven');
  });
});
