import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { EnvironmentConfig } from './config.ts';
import type { FanfareFunction } from './fanfare-function.ts';

/** When to wake somebody, and what they can do about it. */
export interface AlarmPlan {
  readonly id: string;
  readonly metric: IMetric;
  /** Reached or passed. */
  readonly threshold: number;
  /** Periods in a row. */
  readonly periods: number;
  /** What it means, and what to do. */
  readonly advice: string;
}

const MINUTE = Duration.minutes(1);
export const FIVE_MINUTES = Duration.minutes(5);

/** Of a function's own time-out, past which it is close to being cut off. */
const SLOW_SHARE = 0.8;

/** Whoever waits on a socket or for an answer notices this, in ms. */
const SLOW_REQUEST_MS = 2_000;

/** A counter as a function writes it: with the function, the stage, and its labels. */
export const counted =
  (config: EnvironmentConfig, service: string) =>
  (metricName: string, labels: Readonly<Record<string, string>> = {}): Metric =>
    new Metric({
      namespace: 'Fanfare',
      metricName,
      dimensionsMap: { service, stage: config.stage, ...labels },
      statistic: Stats.SUM,
      period: FIVE_MINUTES,
    });

const POLLED: ReadonlySet<string> = new Set(['fan-out', 'deliver', 'presence', 'schedule', 'push', 'trail']);

export const functionAlarms = (id: string, fn: FanfareFunction): AlarmPlan[] => {
  const { lambda, name, timeoutSeconds } = fn;
  const polled = POLLED.has(name);
  return [
    {
      id: `${id}Errors`,
      metric: lambda.metricErrors({ period: FIVE_MINUTES }),
      threshold: 1,
      periods: 1,
      advice: `${name} crashed or timed out. Read its log of these minutes for errors and for "Task timed out". After a deployment: roll back (docs/deploy.md). What it was working on comes back through its queue, or its caller was told to try again.`,
    },
    {
      id: `${id}Latency`,
      metric: lambda.metricDuration({ period: FIVE_MINUTES, statistic: Stats.p(99) }),
      threshold: polled ? SLOW_SHARE * timeoutSeconds * 1_000 : SLOW_REQUEST_MS,
      periods: 3,
      advice: `One in a hundred runs of ${name} takes this long. Look for throttled tables and API calls on the dashboard first; then give the function more memory (functions.memoryMb), which gives it more processor.`,
    },
    {
      id: `${id}Throttles`,
      metric: lambda.metricThrottles({ period: FIVE_MINUTES }),
      threshold: 1,
      periods: 1,
      advice: `Lambda refused to start ${name}. The account's quota of concurrent executions is used up, by this or by another application: raise it in Service Quotas.`,
    },
  ];
};

/** @param maxAgeSeconds past which whoever waits for the message has noticed */
export const queueAlarm = (id: string, queue: IQueue, worker: string, maxAgeSeconds: number): AlarmPlan => ({
  id: `${id}Age`,
  metric: queue.metricApproximateAgeOfOldestMessage({ period: MINUTE }),
  threshold: maxAgeSeconds,
  periods: 3,
  advice: `The oldest record waits for ${worker}. If ${worker} has errors, begin there. If it works at its maximum concurrency, raise it, within the quota of API Gateway (functions.maxPostsPerSecond).`,
});

export const deadLetterAlarm = (id: string, queue: IQueue, worker: string): AlarmPlan => ({
  id: `${id}Arrived`,
  metric: queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE }),
  threshold: 1,
  periods: 1,
  advice: `${worker} gave up on a record. Its body and the log of ${worker} (search for its SQS message id) say why. Put right what is wrong, then send them back (fanfare redrive; docs/deploy.md); records are kept for 14 days.`,
});

export const tableAlarm = (id: string, table: ITable): AlarmPlan => {
  const dimensionsMap = { TableName: table.tableName };
  const events = (metricName: string) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap,
      statistic: Stats.SUM,
      period: FIVE_MINUTES,
    });
  return {
    id: `${id}Throttled`,
    metric: new MathExpression({
      label: 'throttled reads and writes',
      expression: 'FILL(reads, 0) + FILL(writes, 0)',
      usingMetrics: { reads: events('ReadThrottleEvents'), writes: events('WriteThrottleEvents') },
      period: FIVE_MINUTES,
    }),
    threshold: 10,
    periods: 2,
    advice:
      'The table refuses requests; they are tried again. One busy channel: raise shards for members; its log has one head and takes no more than 1,000 appends/s. Many: raise data.billing.maxUnits, or go on-demand.',
  };
};

const apiMetric = (metricName: string, dimensionsMap: Record<string, string>): Metric =>
  new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap,
    statistic: Stats.SUM,
    period: FIVE_MINUTES,
  });

export const apiAlarms = (socketApiId: string, socketStage: string, httpApiId: string): AlarmPlan[] => {
  const socket = { ApiId: socketApiId, Stage: socketStage };
  return [
    {
      id: 'SocketIntegrationErrors',
      metric: apiMetric('IntegrationError', socket),
      threshold: 5,
      periods: 1,
      advice:
        'Functions behind the WebSocket API failed or were not reached. See the alarms of connect, disconnect and message; the access log has the error of each request.',
    },
    {
      id: 'SocketExecutionErrors',
      metric: apiMetric('ExecutionError', socket),
      threshold: 5,
      periods: 1,
      advice:
        'API Gateway itself failed requests of the WebSocket API: a missing permission to invoke a function, or its quota. The access log has the error of each request; deploy again if a permission is gone.',
    },
    {
      id: 'HttpServerErrors',
      metric: apiMetric('5xx', { ApiId: httpApiId }),
      threshold: 5,
      periods: 1,
      advice:
        'The HTTP API answers 5xx. The access log has the routes, the log of http the paths and the causes. Callers may repeat a request with the same Idempotency-Key.',
    },
  ];
};
