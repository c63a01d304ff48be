import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { AlarmPlan } from '../alarms.ts';
import { apiAlarms, deadLetterAlarm, functionAlarms, queueAlarm, tableAlarm } from '../alarms.ts';
import type { EnvironmentConfig } from '../config.ts';
import { FanfareDashboard } from '../dashboard.ts';
import { pushAlarms } from '../push-alarms.ts';
import type { ApiStack } from './api-stack.ts';
import type { ComputeStack } from './compute-stack.ts';
import { SOCKET_STAGE } from './compute-stack.ts';
import type { DataStack } from './data-stack.ts';
import type { MessagingStack } from './messaging-stack.ts';
import type { PushStack } from './push-stack.ts';
import type { RelationalStack } from './relational-stack.ts';

/** A notification that has not been fanned out by then is late for anybody. */
const FAN_OUT_MAX_AGE_SECONDS = 60;

/** The rest of a job is put back with up to a minute's delay, four times, and its age counts from the first. */
const DELIVERY_MAX_AGE_SECONDS = 300;

/** A look is put off by up to a quarter of an hour, and its age counts from when it was sent. */
const PRESENCE_MAX_AGE_SECONDS = 1_200;

export interface ObservabilityStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly data: DataStack;
  readonly messaging: MessagingStack;
  readonly compute: ComputeStack;
  readonly api: ApiStack;
  /** Where push is on. */
  readonly relational?: RelationalStack;
  readonly push?: PushStack;
}

/** Who is told what, when: alarms with advice, a dashboard, a budget. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, all: ObservabilityStackProps) {
    const { config, data, messaging, compute, api, relational, push, ...props } = all;
    super(scope, id, props);
    const { alarmEmail, monthlyBudgetUsd } = config.observability;

    const topic = anAlarmTopic(this, messaging);
    if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail));

    const { connect, disconnect, message, http, 'fan-out': fanOut, deliver, presence } = compute.functions;
    const functions = {
      Connect: connect,
      Disconnect: disconnect,
      Message: message,
      Http: http,
      FanOut: fanOut,
      Deliver: deliver,
      Presence: presence,
    };
    const tables = {
      Connections: data.connections,
      Messages: data.messages,
      Idempotency: data.idempotency,
      Inbox: data.inbox,
      Presence: data.presence,
      Limits: data.limits,
    };
    const plans: AlarmPlan[] = [
      ...Object.entries(functions).flatMap(([name, fn]) => functionAlarms(name, fn)),
      queueAlarm('FanOutQueue', messaging.fanOut.queue, 'fan-out', FAN_OUT_MAX_AGE_SECONDS),
      queueAlarm('DeliveryQueue', messaging.delivery.queue, 'deliver', DELIVERY_MAX_AGE_SECONDS),
      queueAlarm('PresenceQueue', messaging.presence.queue, 'presence', PRESENCE_MAX_AGE_SECONDS),
      deadLetterAlarm('FanOutDeadLetters', messaging.fanOut.deadLetters, 'fan-out'),
      deadLetterAlarm('DeliveryDeadLetters', messaging.delivery.deadLetters, 'deliver'),
      deadLetterAlarm('PresenceDeadLetters', messaging.presence.deadLetters, 'presence'),
      ...Object.entries(tables).map(([name, table]) => tableAlarm(`${name}Table`, table)),
      ...apiAlarms(compute.socketApi.apiId, SOCKET_STAGE, api.httpApi.apiId),
      ...(config.push === false || relational === undefined || push === undefined
        ? []
        : pushAlarms({ config, settings: config.push, messaging, relational, push })),
    ];
    const alarms = plans.map(plan => anAlarm(this, plan, topic));

    new FanfareDashboard(this, 'Dashboard', { config, functions, messaging, tables, alarms });
    if (monthlyBudgetUsd !== undefined) aBudget(this, monthlyBudgetUsd, topic);
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}

const anAlarm = (scope: Construct, plan: AlarmPlan, topic: ITopic): Alarm => {
  const alarm = new Alarm(scope, plan.id, {
    metric: plan.metric,
    threshold: plan.threshold,
    evaluationPeriods: plan.periods,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    // A function that nobody calls and a queue that is empty report nothing.
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: plan.advice,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  alarm.addOkAction(new SnsAction(topic));
  return alarm;
};

/** A topic's own policy replaces the one by which CloudWatch may publish, so it is said here, with the budget's. */
const anAlarmTopic = (stack: Stack, { key }: MessagingStack): Topic => {
  const topic = new Topic(stack, 'Alarms', { enforceSSL: true, masterKey: key });
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsAndBudgets',
      principals: ['cloudwatch', 'budgets'].map(name => new ServicePrincipal(`${name}.amazonaws.com`)),
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  return topic;
};

/** Tells of 80 % spent, and of a month that is forecast to end above the limit. It stops nothing. */
const aBudget = (scope: Construct, monthlyUsd: number, topic: ITopic): CfnBudget => {
  const notification = (notificationType: string, threshold: number) => ({
    notification: {
      notificationType,
      threshold,
      comparisonOperator: 'GREATER_THAN',
      thresholdType: 'PERCENTAGE',
    },
    subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
  });
  const budget = new CfnBudget(scope, 'Budget', {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthlyUsd, unit: 'USD' },
    },
    notificationsWithSubscribers: [notification('ACTUAL', 80), notification('FORECASTED', 100)],
  });
  budget.node.addDependency(topic);
  return budget;
};
