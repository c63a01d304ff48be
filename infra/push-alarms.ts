import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmPlan } from './alarms.ts';
import { counted, deadLetterAlarm, FIVE_MINUTES, functionAlarms, queueAlarm } from './alarms.ts';
import type { EnvironmentConfig } from './config.ts';
import type { PushConfig } from './push-config.ts';
import { cacheAlarms, databaseAlarms } from './relational-alarms.ts';
import type { MessagingStack } from './stacks/messaging-stack.ts';
import type { PushStack } from './stacks/push-stack.ts';
import type { RelationalStack } from './stacks/relational-stack.ts';

/** A push task is in its queue for as long as its category waits, at the most 15 min, and its age counts from the first. */
const PUSH_MAX_AGE_SECONDS = 1_200;

/** An alarm is in its queue for a quarter of an hour, likewise. */
const SCHEDULE_MAX_AGE_SECONDS = 1_200;

/** Who asks what became of a notification finds some steps missing for so long. */
const TRAIL_MAX_AGE_SECONDS = 300;

/** One push in five that a platform does not take is more than dead tokens. */
const FAILED_SHARE_PERCENT = 20;
/** Fewer tell nothing about a share. */
const LEAST_PUSHES = 20;

export interface PushAlarmsProps {
  readonly config: EnvironmentConfig;
  readonly settings: PushConfig;
  readonly messaging: MessagingStack;
  readonly relational: RelationalStack;
  readonly push: PushStack;
}

/** Of what there is only where push is on. */
export const pushAlarms = (props: PushAlarmsProps): AlarmPlan[] => {
  const { push, messaging } = props;
  const { alarmClock, trail, push: pushes } = messaging;
  return [
    ...functionAlarms('Schedule', push.schedule),
    ...functionAlarms('Push', push.phones),
    ...functionAlarms('Trail', push.trail),
    ...[
      pushes && queueAlarm('PushQueue', pushes.queue, 'push', PUSH_MAX_AGE_SECONDS),
      pushes && deadLetterAlarm('PushDeadLetters', pushes.deadLetters, 'push'),
      alarmClock && queueAlarm('ScheduleQueue', alarmClock.queue.queue, 'schedule', SCHEDULE_MAX_AGE_SECONDS),
      alarmClock && deadLetterAlarm('ScheduleDeadLetters', alarmClock.queue.deadLetters, 'schedule'),
      trail && queueAlarm('TrailQueue', trail.queue, 'trail', TRAIL_MAX_AGE_SECONDS),
      trail && deadLetterAlarm('TrailDeadLetters', trail.deadLetters, 'trail'),
    ].filter(plan => plan !== undefined),
    ...phoneAlarms(props),
    ...scheduleAlarms(props.config),
    ...databaseAlarms(props),
    ...cacheAlarms(props),
  ];
};

const phoneAlarms = ({ config, settings, push }: PushAlarmsProps): AlarmPlan[] => {
  const inPush = counted(config, 'push');
  const platforms = (
    [
      ['Apns', 'apns', settings.apns],
      ['ApnsSandbox', 'apns_sandbox', settings.apnsSandbox],
      ['Fcm', 'fcm', settings.fcm],
    ] as const
  ).filter(([, , configured]) => configured !== undefined);
  const { failures } = push.platforms;
  return [
    ...platforms.map(([id, platform]): AlarmPlan => {
      const usingMetrics: Record<string, IMetric> = Object.fromEntries(
        ['delivered', 'dead', 'failed', 'refused'].map(outcome => [
          outcome,
          inPush('pushes_total', { platform, outcome }),
        ]),
      );
      const bad = 'FILL(failed, 0) + FILL(refused, 0)';
      const all = `${bad} + FILL(delivered, 0) + FILL(dead, 0)`;
      return {
        id: `${id}PushesFail`,
        metric: new MathExpression({
          label: 'pushes that the platform did not take, %',
          expression: `IF(${all} >= ${LEAST_PUSHES}, 100 * (${bad}) / (${all}), 0)`,
          usingMetrics,
          period: FIVE_MINUTES,
        }),
        threshold: FAILED_SHARE_PERCENT,
        periods: 3,
        advice: `Pushes to ${platform} fail or are refused. The log of push has the causes ("push.refused" is about our credentials: put new ones into the secret and raise push's revision); the platform's own status page has its outages. What fails is tried again until its notification expires.`,
      };
    }),
    ...(failures === undefined
      ? []
      : [
          {
            id: 'PhonesUnreachable',
            metric: failures.metricNumberOfMessagesSent({ period: FIVE_MINUTES }),
            threshold: 100,
            periods: 3,
            advice:
              'SNS tells of many phones that it could not deliver to. The queue of failures and the log group sns/…/app/…/Failure say which and why; uninstalled apps are pruned by themselves. Credentials that expired look like this as well.',
          },
        ]),
  ];
};

const scheduleAlarms = (config: EnvironmentConfig): AlarmPlan[] => [
  {
    id: 'ScheduleAlarmsNotSet',
    metric: new MathExpression({
      label: 'alarms that could not be set',
      expression: 'FILL(http, 0) + FILL(schedule, 0)',
      usingMetrics: {
        http: counted(config, 'http')('schedule_alarms_failed_total'),
        schedule: counted(config, 'schedule')('schedule_alarms_failed_total'),
      },
      period: FIVE_MINUTES,
    }),
    threshold: 5,
    periods: 1,
    advice:
      'EventBridge Scheduler or the queue of alarms refused; the log says why ("schedule.alarm-not-set"). Schedules are kept and sent by the minute, up to a minute late, until it takes alarms again.',
  },
  {
    id: 'SchedulesPostponed',
    metric: counted(config, 'schedule')('schedule_runs_total', { outcome: 'postponed' }),
    threshold: 5,
    periods: 1,
    advice:
      'Scheduled notifications could not be sent for now; the log of schedule has the cause ("schedule.postponed"). They are tried again each minute, and are missed a minute after their time.',
  },
];
