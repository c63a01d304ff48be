import { ContainerModule } from 'inversify';
import { LocalPushGateway } from '../../adapters/local/local-push-gateway.ts';
import { Repeater } from '../../adapters/system/repeater.ts';
import { DecidePush } from '../../domain/use-cases/decide-push.ts';
import { ManageDevices } from '../../domain/use-cases/manage-devices.ts';
import { PlanPush } from '../../domain/use-cases/plan-push.ts';
import { PlanWithdrawal } from '../../domain/use-cases/plan-withdrawal.ts';
import { RedrivePushes } from '../../domain/use-cases/redrive-pushes.ts';
import { RunPushTask } from '../../domain/use-cases/run-push-task.ts';
import { RunPushes } from '../../domain/use-cases/run-pushes.ts';
import { SendDigest } from '../../domain/use-cases/send-digest.ts';
import { SendPush } from '../../domain/use-cases/send-push.ts';
import { WithdrawPush } from '../../domain/use-cases/withdraw-push.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';

/** How late a push can be, for all that we wait ourselves. */
const TICK_MS = 250;

/** What reaches phones that nobody is looking at. */
export const pushing = new ContainerModule(options => {
  const { clock, ids, logger, metrics, inbox, trail, categories, preferences } = TOKENS;
  const { devices, users, cron, phones } = LOCAL_TOKENS;
  const { tasks, caps, lockScreens, gateway, runPushes } = PUSH_TOKENS;
  const { decidePush, sendDigest, sendPush, withdrawPush, runPushTask } = PUSH_TOKENS;

  const managing = { devices, clock, ids, logger };
  singleton(options, LOCAL_TOKENS.manageDevices, managing, parts => new ManageDevices(parts));
  singleton(options, phones, { clock }, parts => new LocalPushGateway(parts));

  const planning = { devices, pushQueue: tasks, categories, trail };
  singleton(options, TOKENS.planPush, planning, parts => new PlanPush(parts));
  const takingBack = { pushQueue: tasks, clock, ids };
  singleton(options, TOKENS.planWithdrawal, takingBack, parts => new PlanWithdrawal(parts));

  const deciding = { inbox, devices, preferences, users, categories, caps, cron, trail, clock, metrics };
  singleton(options, decidePush, deciding, parts => new DecidePush(parts));
  const digesting = { inbox, lockScreens, devices, preferences, categories, trail, clock };
  singleton(options, sendDigest, digesting, parts => new SendDigest(parts));
  const { unsubscribeLinks } = LOCAL_TOKENS;
  const delivering = { gateway, devices, inbox, lockScreens, categories, unsubscribeLinks };
  const sending = { ...delivering, trail, clock, ids, logger, metrics };
  singleton(options, sendPush, sending, parts => new SendPush(parts));
  singleton(options, withdrawPush, { lockScreens, clock }, parts => new WithdrawPush(parts));
  const kinds = { decidePush, sendDigest, sendPush, withdrawPush };
  singleton(options, runPushTask, kinds, parts => new RunPushTask(parts));

  const again = { tasks, clock, logger };
  singleton(options, PUSH_TOKENS.redrivePushes, again, parts => new RedrivePushes(parts));
  const running = { tasks, runPushTask, clock, logger, metrics };
  singleton(options, runPushes, running, parts => new RunPushes(parts));
  singleton(
    options,
    PUSH_TOKENS.ticking,
    { clock, logger, metrics, runs: runPushes },
    ({ runs, ...parts }) =>
      new Repeater({ ...parts, name: 'pushes', restMs: TICK_MS, work: () => runs.execute() }),
  );
});
