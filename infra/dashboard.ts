import { Duration } from 'aws-cdk-lib';
import type { Alarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmStatusWidget, Dashboard, GraphWidget, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from './config.ts';
import type { FanfareFunction } from './fanfare-function.ts';
import type { MessagingStack } from './stacks/messaging-stack.ts';

export interface FanfareDashboardProps {
  readonly config: EnvironmentConfig;
  readonly functions: Readonly<Record<string, FanfareFunction>>;
  readonly messaging: MessagingStack;
  readonly tables: Readonly<Record<string, ITable>>;
  readonly alarms: readonly Alarm[];
}

const WIDTH = 12;

/** One page, from what is on fire to what it may be. */
export class FanfareDashboard extends Dashboard {
  constructor(scope: Construct, id: string, props: FanfareDashboardProps) {
    const { config, functions, messaging, tables, alarms } = props;
    super(scope, id, { dashboardName: `fanfare-${config.stage}`, defaultInterval: Duration.hours(3) });
    const lambdas = Object.values(functions).map(({ lambda, name }) => ({ lambda, label: name }));
    const { fanOut, delivery, presence } = messaging;
    const counted = countedIn(config.stage);

    this.addWidgets(
      new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 2 * WIDTH, height: 5 }),
    );
    this.addWidgets(
      aGraph('Posts to connections, by outcome', [counted('deliveries_total')]),
      aGraph('Notifications accepted, connections opened and closed', [
        counted('notifications_accepted_total'),
        counted('connections_total'),
        counted('connections_closed_total'),
        counted('connections_pruned_total'),
      ]),
    );
    this.addWidgets(
      aGraph('Age of the oldest record, s', [
        fanOut.queue.metricApproximateAgeOfOldestMessage({ label: 'fan-out' }),
        delivery.queue.metricApproximateAgeOfOldestMessage({ label: 'deliver' }),
        presence.queue.metricApproximateAgeOfOldestMessage({ label: 'presence' }),
      ]),
      aGraph('Waiting and dead letters', [
        fanOut.queue.metricApproximateNumberOfMessagesVisible({ label: 'fan-out' }),
        delivery.queue.metricApproximateNumberOfMessagesVisible({ label: 'deliver' }),
        fanOut.deadLetters.metricApproximateNumberOfMessagesVisible({ label: 'fan-out, dead' }),
        delivery.deadLetters.metricApproximateNumberOfMessagesVisible({ label: 'deliver, dead' }),
        presence.deadLetters.metricApproximateNumberOfMessagesVisible({ label: 'presence, dead' }),
      ]),
    );
    if (config.push !== false) {
      const { push, trail, alarmClock } = messaging;
      const fed = Object.entries({ push, trail, schedule: alarmClock?.queue });
      this.addWidgets(
        aGraph('Phones: decided and told, by outcome; runs of schedules', [
          counted('pushes_decided_total'),
          counted('pushes_total'),
          counted('pushes_dead_lettered_total'),
          counted('schedule_runs_total'),
        ]),
        aGraph(
          'Phones, the trail, schedules: age of the oldest record, s',
          fed.flatMap(([label, pair]) =>
            pair === undefined ? [] : [pair.queue.metricApproximateAgeOfOldestMessage({ label })],
          ),
        ),
      );
    }
    this.addWidgets(
      aGraph(
        'Functions: p99, ms',
        lambdas.map(({ lambda, label }) => lambda.metricDuration({ label, statistic: Stats.p(99) })),
      ),
      aGraph(
        'Functions: running at a time',
        lambdas.map(({ lambda, label }) =>
          lambda.metric('ConcurrentExecutions', { label, statistic: Stats.MAXIMUM }),
        ),
      ),
    );
    this.addWidgets(
      aGraph(
        'Functions: errors',
        lambdas.map(({ lambda, label }) => lambda.metricErrors({ label })),
      ),
      aGraph(
        'Tables: units consumed',
        Object.entries(tables).flatMap(([name, table]) => [
          table.metricConsumedReadCapacityUnits({ label: `${name}, read` }),
          table.metricConsumedWriteCapacityUnits({ label: `${name}, written` }),
        ]),
      ),
    );
  }
}

const aGraph = (title: string, left: readonly IMetric[]): GraphWidget =>
  new GraphWidget({ title, left: [...left], width: WIDTH, leftYAxis: { min: 0 } });

/** A counter of this stage in all its label values, which only the running functions know. */
const countedIn =
  (stage: string) =>
  (name: string): MathExpression =>
    new MathExpression({
      label: '',
      expression: `SEARCH('Namespace="Fanfare" stage="${stage}" MetricName="${name}"', 'Sum', 60)`,
      period: Duration.minutes(1),
    });
