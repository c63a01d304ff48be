import * as z from 'zod';
import type { DeadPushTask } from '../domain/push-task.ts';
import { timeView, userIdView } from './fields.ts';
import { isoOf } from './iso-time.ts';

const deadPushView = z
  .object({
    id: z.string().meta({ example: 'send/ntf_01k9zq3v5e8w2.user:alice/dev_01k9zq3v5e8w2' }),
    user: userIdView,
    deviceId: z.string().optional(),
    cause: z.string().meta({ example: 'the token of another application' }),
    failedAt: timeView,
  })
  .meta({ id: 'DeadPush' });

export const deadPushesView = z
  .object({
    deadPushes: z.array(deadPushView),
    complete: z.boolean().meta({ description: 'There are no others' }),
  })
  .meta({ id: 'DeadPushes' });

/** A push that was given up, in the words of the wire. */
export const viewDeadPush = ({ task, cause, failedAt }: DeadPushTask): z.output<typeof deadPushView> => ({
  id: task.id,
  user: task.user,
  ...(task.kind === 'send' ? { deviceId: task.deviceId } : {}),
  cause,
  failedAt: isoOf(failedAt),
});
