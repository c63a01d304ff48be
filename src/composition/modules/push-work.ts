import { ContainerModule } from 'inversify';
import { DecidePush } from '../../domain/use-cases/decide-push.ts';
import { RunPushTask } from '../../domain/use-cases/run-push-task.ts';
import { RunPushes } from '../../domain/use-cases/run-pushes.ts';
import { SendDigest } from '../../domain/use-cases/send-digest.ts';
import { SendPush } from '../../domain/use-cases/send-push.ts';
import { WithdrawPush } from '../../domain/use-cases/withdraw-push.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';

/** What is done about phones when its time has come. */
export const pushWork = new ContainerModule(options => {
  const { clock, ids, logger, metrics, inbox, trail, categories, preferences } = TOKENS;
  const { devices, users, cron } = LOCAL_TOKENS;
  const { tasks, caps, lockScreens, gateway, runPushes } = PUSH_TOKENS;
  const { decidePush, sendDigest, sendPush, withdrawPush, runPushTask } = PUSH_TOKENS;

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

  const running = { tasks, runPushTask, clock, logger, metrics };
  singleton(options, runPushes, running, parts => new RunPushes(parts));
});
