import { describe, expect, test } from 'vitest';
import { pushHandler } from '../../src/adapters/aws/lambda/push-handler.ts';
import { scheduleHandler } from '../../src/adapters/aws/lambda/schedule-handler.ts';
import { trailHandler } from '../../src/adapters/aws/lambda/trail-handler.ts';
import { decodeTrail } from '../../src/adapters/aws/messaging/trail-record.ts';
import { encodeAlarm } from '../../src/adapters/aws/scheduling/alarm-record.ts';
import { notificationId, userId } from '../../src/domain/ids.ts';
import type { PushTask } from '../../src/domain/push-task.ts';
import { scheduleId } from '../../src/domain/schedule.ts';
import type { TrailEntry } from '../../src/domain/trail.ts';
import type { RunDue } from '../../src/domain/use-cases/run-due.ts';
import type { RunPushes } from '../../src/domain/use-cases/run-pushes.ts';
import type { WakeSchedule } from '../../src/domain/use-cases/wake-schedule.ts';
import type { Alarm } from '../../src/ports/scheduler.ts';
import { documented } from '../support/aws-events/documented.ts';
import { SilentLogger } from '../support/fakes.ts';

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };
const logger = new SilentLogger();

const anEvent = (bodies: readonly string[]) => ({
  Records: bodies.map((body, index) => ({ messageId: `m${index}`, body, eventSource: 'aws:sqs' })),
});

const seen = (id: string): TrailEntry => ({
  notificationId: notificationId(id),
  user: userId('alice'),
  at: 1,
  event: { kind: 'shown' },
});
const aRecord = (...entries: readonly TrailEntry[]): string => JSON.stringify({ entries });

describe('The function behind the trail', () => {
  /** Refuses what has an entry of this notification. */
  const aLog = (refused?: string) => {
    const calls: (readonly string[])[] = [];
    const append = async (entries: readonly TrailEntry[]): Promise<void> => {
      calls.push(entries.map(entry => entry.notificationId));
      if (entries.some(entry => entry.notificationId === refused)) throw new Error('it cannot be kept');
    };
    return { calls, append };
  };

  test('keeps all records in one go', async () => {
    const log = aLog();
    const event = anEvent([aRecord(seen('a'), seen('b')), aRecord(seen('c'))]);

    expect(await trailHandler({ log, logger })(event)).toEqual({ batchItemFailures: [] });
    expect(log.calls).toEqual([['a', 'b', 'c']]);
  });

  test('gives back the one record that cannot be kept, or that is none, and keeps its neighbours', async () => {
    const log = aLog('b');
    const event = anEvent([aRecord(seen('a')), aRecord(seen('b')), '{"entries":[{}]}', aRecord(seen('c'))]);

    const answer = await trailHandler({ log, logger })(event);

    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual(['m1', 'm2']);
    expect(log.calls).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  test.each(['', '{', '[]', '{"entries":{}}', '{"entries":[{"notificationId":"a","at":1}]}'])(
    'takes no record that is none of the trail: %s',
    text => {
      expect(() => decodeTrail(text)).toThrow('the record has no entries of a trail');
    },
  );
});

describe('The function behind phones', () => {
  const aTask = (id: string): PushTask => ({
    kind: 'withdraw',
    id,
    user: userId('alice'),
    dueAt: 1,
    attempt: 0,
  });
  const open = (rounds: readonly number[]) => {
    const kept: string[] = [];
    const [left, did] = [[...rounds], [] as string[]];
    const tasks = {
      enqueue: async (added: readonly PushTask[]): Promise<void> => {
        if (added.some(({ id }) => id === 'bad')) throw new Error('the database does not answer now');
        kept.push(...added.map(({ id }) => id));
      },
    };
    const runPushes = {
      execute: async (mayBegin: () => boolean) => {
        const begun = mayBegin() ? (left.shift() ?? 0) : 0;
        did.push(`began ${begun}`);
        return begun;
      },
      drain: async () => {
        did.push('drained');
      },
    } as unknown as RunPushes;
    return { kept, did, handle: pushHandler({ tasks, runPushes, logger }) };
  };

  test('keeps each task, gives back those that it could not keep, and works off what is due until nothing is', async () => {
    const { kept, did, handle } = open([2, 1]);
    const bodies = [JSON.stringify(aTask('one')), JSON.stringify(aTask('bad')), '{"kind":"fax"}'];

    const answer = await handle(anEvent(bodies), context);

    expect(kept).toEqual(['one']);
    expect(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual([
      'm1',
      'm2',
    ]);
    expect(did).toEqual(['began 2', 'drained', 'began 1', 'drained', 'began 0']);
  });

  test('begins nothing that it has no time for', async () => {
    const { did, handle } = open([2, 1]);
    expect(
      await handle(documented.minute, { ...context, getRemainingTimeInMillis: () => 19_000 }),
    ).toBeUndefined();
    expect(did).toEqual(['began 0']);
  });
});

describe('The function behind schedules', () => {
  const open = () => {
    const woken: Alarm[] = [];
    const done: string[] = [];
    const wakeSchedule = {
      execute: async (alarm: Alarm): Promise<void> => {
        if (alarm.schedule === 'sch_bad') throw new Error('the database does not answer now');
        woken.push(alarm);
      },
    } as WakeSchedule;
    const answers = ['more', 'done'];
    const runDue = {
      execute: async () => {
        done.push('due');
        return answers.shift();
      },
    } as unknown as RunDue;
    const sweep = async (): Promise<void> => {
      done.push('swept');
    };
    return { woken, done, handle: scheduleHandler({ wakeSchedule, runDue, sweep, logger }) };
  };

  test('wakes the schedule of each alarm, and gives back those that failed', async () => {
    const { woken, handle } = open();
    const [good, bad] = ['sch_good', 'sch_bad'].map(id => ({ schedule: scheduleId(id), at: 1_000 }));
    if (good === undefined || bad === undefined) throw new Error('there are two');

    const answer = await handle(anEvent([encodeAlarm(bad), encodeAlarm(good), 'none']), context);

    expect(woken).toEqual([good]);
    const failed = answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    expect(failed?.sort()).toEqual(['m0', 'm2']);
  });

  test('each minute runs what is due and deletes what is no longer kept', async () => {
    const { done, handle } = open();
    expect(await handle(documented.minute, context)).toBeUndefined();
    expect(done).toEqual(['due', 'due', 'swept']);
  });

  test('refuses an event that is neither', async () => {
    await expect(open().handle({ hello: 'world' }, context)).rejects.toThrow('not the event');
  });
});
