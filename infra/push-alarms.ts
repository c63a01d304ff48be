import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmPlan } from './alarms.ts';
import { deadLetterAlarm, functionAlarms, queueAlarm } from './alarms.ts';
import type { EnvironmentConfig } from './config.ts';
import type { PushConfig } from './push-config.ts';
import type { MessagingStack } from './stacks/messaging-stack.ts';
import type { PushStack } from './stacks/push-stack.ts';
import type { RelationalStack } from './stacks/relational-stack.ts';

const FIVE_MINUTES = Duration.minutes(5);

/** A push task is in its queue for as long as its category waits, at the most 15 min, and its age counts from the first. */
const PUSH_MAX_AGE_SECONDS = 1_200;

/** An alarm is in its queue for a quarter of an hour, likewise. */
const SCHEDULE_MAX_AGE_SECONDS = 1_200;

/** Who asks what became of a notification finds some steps missing for so long. */
const TRAIL_MAX_AGE_SECONDS = 300;

/** Of the storage that a database began with. It grows by itself before, unless it has grown as far as it may. */
const FREE_STORAGE_SHARE = 0.1;

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

/** A counter as a function writes it: with the function, the stage, and its labels. */
const counted =
  (config: EnvironmentConfig, service: string) =>
  (metricName: string, labels: Readonly<Record<string, string>> = {}): Metric =>
    new Metric({
      namespace: 'Fanfare',
      metricName,
      dimensionsMap: { service, stage: config.stage, ...labels },
      statistic: Stats.SUM,
      period: FIVE_MINUTES,
    });

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

const databaseAlarms = ({ settings, relational }: PushAlarmsProps): AlarmPlan[] => {
  const { instance, proxy } = relational.database;
  const ofProxy = (metricName: string, statistic: string): Metric =>
    new Metric({
      namespace: 'AWS/RDS',
      metricName,
      dimensionsMap: { ProxyName: proxy.dbProxyName },
      statistic,
      period: FIVE_MINUTES,
    });
  return [
    {
      id: 'DatabaseBusy',
      metric: instance.metricCPUUtilization({ period: FIVE_MINUTES }),
      threshold: 80,
      periods: 3,
      advice:
        "PostgreSQL's processor is busy. Its log has every statement that takes a second. Take a larger push.database.instanceType; a t class is slowed down once its credits are used up.",
    },
    {
      id: 'DatabaseStorageLow',
      metric: new MathExpression({
        label: 'of the first storage, what is not free, GB',
        expression: `${settings.database.storageGb} - free / 1073741824`,
        usingMetrics: { free: instance.metricFreeStorageSpace({ period: FIVE_MINUTES }) },
        period: FIVE_MINUTES,
      }),
      threshold: (1 - FREE_STORAGE_SHARE) * settings.database.storageGb,
      periods: 3,
      advice:
        'Less is free than a tenth of the storage that the database began with, though it grows by itself, to five times as much. Raise push.database.storageGb, or lower push.trailDays.',
    },
    {
      id: 'DatabaseConnectionsScarce',
      metric: ofProxy('DatabaseConnectionsBorrowLatency', Stats.p(99)),
      // Microseconds.
      threshold: 1_000_000,
      periods: 3,
      advice:
        'Functions wait for a connection that RDS Proxy can lend them. See its connections on the dashboard of RDS: pinned ones are not lent on; else take a larger push.database.instanceType, which allows more.',
    },
    {
      id: 'DatabaseConnectionsPinned',
      metric: ofProxy('DatabaseConnectionsCurrentlySessionPinned', Stats.AVERAGE),
      threshold: 5,
      periods: 3,
      advice:
        "RDS Proxy keeps connections for one function each. Its log (switch debug logging on) says which statement is the cause; nothing of ours should be. A deployment's migrations do not go by the proxy.",
    },
  ];
};

const cacheAlarms = ({ config, settings, relational }: PushAlarmsProps): AlarmPlan[] => {
  const { dimensions } = relational.cache;
  const nodes = settings.cache.kind === 'nodes';
  const metric = (metricName: string, statistic: string): Metric =>
    new Metric({
      namespace: 'AWS/ElastiCache',
      metricName,
      dimensionsMap: { ...dimensions },
      statistic,
      period: FIVE_MINUTES,
    });
  const failures = ['http', 'schedule', 'push'].map(service => [
    service,
    counted(config, service)('failures_total', { where: 'cache' }),
  ]);
  return [
    {
      id: 'CacheFails',
      metric: new MathExpression({
        label: 'look-ups that the cache did not answer',
        expression: 'FILL(http, 0) + FILL(schedule, 0) + FILL(push, 0)',
        usingMetrics: Object.fromEntries(failures) as Record<string, IMetric>,
        period: FIVE_MINUTES,
      }),
      threshold: 100,
      periods: 2,
      advice:
        'Valkey does not answer within 50 ms, or is away; everything goes on without it, and the database is asked more. See its metrics, and whether its password was changed without a deployment.',
    },
    {
      id: 'CacheEvicts',
      metric: metric('Evictions', Stats.SUM),
      threshold: 1_000,
      periods: 3,
      advice: nodes
        ? 'The cache is full and forgets what is still of use: take a larger push.cache.nodeType.'
        : 'The cache is full and forgets what is still of use: raise push.cache.maxGb.',
    },
    ...(settings.cache.kind === 'nodes' && settings.cache.replicas > 0
      ? [
          {
            id: 'CacheReplicaLags',
            metric: metric('ReplicationLag', Stats.MAXIMUM),
            // Seconds.
            threshold: 10,
            periods: 3,
            advice:
              'A replica of the cache is behind, and would not know some of what it should if it had to take over. It is busy, or its network is: take a larger push.cache.nodeType.',
          },
        ]
      : []),
  ];
};
