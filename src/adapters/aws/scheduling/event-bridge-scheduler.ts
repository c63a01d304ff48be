import type { CreateScheduleCommandInput, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { ScheduleId } from '../../../domain/schedule.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Alarm, Scheduler } from '../../../ports/scheduler.ts';
import { nameOf, translateAwsError } from '../aws-errors.ts';
import { encodeAlarm } from './alarm-record.ts';

export interface EventBridgeSchedulerOptions {
  readonly scheduler: SchedulerClient;
  readonly sqs: SQSClient;
  readonly clock: Clock;
  /** Whose names are free for schedules' ids. */
  readonly group: string;
  /** The queue that alarms go to, by both of its names. */
  readonly queueUrl: string;
  readonly queueArn: string;
  /** Where EventBridge puts an alarm that the queue did not take. */
  readonly deadLetterQueueArn: string;
  /** As whom EventBridge sends. */
  readonly roleArn: string;
}

/** EventBridge Scheduler is precise to a minute; SQS, which takes over from there, to a second. */
const EARLY_MS = 60_000;

/** SQS's longest delay. What is due before needs no schedule at EventBridge. */
const LONGEST_DELAY_MS = 900_000;

/** EventBridge tries for so long to hand an alarm over; the sweep over what is due has long seen to it by then. */
const RETRIED_FOR_SECONDS = 3_600;

const TRIES = 3;

/**
 * One schedule of EventBridge for each of ours whose next run is more than a quarter of an hour away, under its id, which
 * goes off once and deletes itself. It puts the alarm into the queue a minute early; whoever takes it out sets it again,
 * and then it waits in the queue, as those that are due sooner do from the beginning.
 */
export class EventBridgeScheduler implements Scheduler {
  readonly #options: EventBridgeSchedulerOptions;

  constructor(options: EventBridgeSchedulerOptions) {
    this.#options = options;
  }

  async wake(alarm: Alarm): Promise<void> {
    const delayMs = alarm.at - this.#options.clock.now();
    if (delayMs > LONGEST_DELAY_MS) await this.#put(this.#asSchedule(alarm));
    else await this.#send(alarm, Math.max(0, delayMs));
  }

  async cancel(schedule: ScheduleId): Promise<void> {
    const { scheduler, group } = this.#options;
    const command = new DeleteScheduleCommand({ GroupName: group, Name: schedule });
    await scheduler.send(command).catch(error => {
      if (nameOf(error) !== 'ResourceNotFoundException') throw this.#translate(error);
    });
  }

  /** Another may make or end it at the same time: EventBridge has no call for "as it is now". */
  async #put(input: CreateScheduleCommandInput): Promise<void> {
    const { scheduler } = this.#options;
    for (let tries = 1; ; tries++) {
      try {
        await scheduler.send(new CreateScheduleCommand(input));
        return;
      } catch (error) {
        if (nameOf(error) !== 'ConflictException') throw this.#translate(error);
      }
      try {
        await scheduler.send(new UpdateScheduleCommand(input));
        return;
      } catch (error) {
        const isGoneOrChanging = /^(ResourceNotFound|Conflict)Exception$/.test(nameOf(error));
        if (!isGoneOrChanging || tries === TRIES) throw this.#translate(error);
      }
    }
  }

  #asSchedule(alarm: Alarm): CreateScheduleCommandInput {
    const { group, queueArn, deadLetterQueueArn, roleArn } = this.#options;
    return {
      GroupName: group,
      Name: alarm.schedule,
      ScheduleExpression: `at(${new Date(alarm.at - EARLY_MS).toISOString().slice(0, 19)})`,
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: queueArn,
        RoleArn: roleArn,
        Input: encodeAlarm(alarm),
        DeadLetterConfig: { Arn: deadLetterQueueArn },
        RetryPolicy: { MaximumEventAgeInSeconds: RETRIED_FOR_SECONDS, MaximumRetryAttempts: 185 },
      },
    };
  }

  async #send(alarm: Alarm, delayMs: number): Promise<void> {
    const { sqs, queueUrl } = this.#options;
    const command = new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: encodeAlarm(alarm),
      DelaySeconds: Math.ceil(delayMs / 1_000),
    });
    await sqs.send(command).catch(error => {
      throw translateAwsError(error, `the queue ${queueUrl}`);
    });
  }

  #translate(error: unknown): Error {
    return translateAwsError(error, `the schedule group ${this.#options.group}`);
  }
}
