import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmPlan } from './alarms.ts';
import { counted, FIVE_MINUTES } from './alarms.ts';
import type { EnvironmentConfig } from './config.ts';
import type { PushConfig } from './push-config.ts';
import type { RelationalStack } from './stacks/relational-stack.ts';

/** Of the storage that a database began with. It grows by itself before, unless it has grown as far as it may. */
const FREE_STORAGE_SHARE = 0.1;

export interface RelationalAlarmsProps {
  readonly config: EnvironmentConfig;
  readonly settings: PushConfig;
  readonly relational: RelationalStack;
}

/** Of what keeps relational data. */
export const databaseAlarms = ({ settings, relational }: RelationalAlarmsProps): AlarmPlan[] => {
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

/** Of the cache before it. */
export const cacheAlarms = ({ config, settings, relational }: RelationalAlarmsProps): AlarmPlan[] => {
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
