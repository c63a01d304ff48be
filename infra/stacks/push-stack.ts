import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { AlarmClock } from '../alarm-clock.ts';
import type { EnvironmentConfig } from '../config.ts';
import type { FanfareFunctionProps, FunctionName } from '../fanfare-function.ts';
import { FanfareFunction } from '../fanfare-function.ts';
import * as permissions from '../permissions.ts';
import { PlatformApplications } from '../platform-applications.ts';
import type { PushConfig } from '../push-config.ts';
import type { QueuePair } from '../queue-pair.ts';
import { variablesOf } from '../variables.ts';
import type { DataStack } from './data-stack.ts';
import { INBOX_INDEXES } from './data-stack.ts';
import type { MessagingStack } from './messaging-stack.ts';
import { PUSH_TIMEOUT_SECONDS, SCHEDULE_TIMEOUT_SECONDS, TRAIL_TIMEOUT_SECONDS } from './messaging-stack.ts';
import type { RelationalStack } from './relational-stack.ts';

/** Records of the trail that one invocation gets, and how long it waits for them: few statements for many entries. */
const TRAIL_BATCH = 100;
const TRAIL_WINDOW = Duration.seconds(1);

export interface PushStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly push: PushConfig;
  readonly data: DataStack;
  readonly messaging: MessagingStack;
  readonly relational: RelationalStack;
  /** Where the HTTP API is, for links in what browsers show. */
  readonly httpHost: string;
}

/** The functions that need the database, and of API Gateway no more than an address, each within the network. */
export class PushStack extends Stack {
  readonly schedule: FanfareFunction;
  readonly trail: FanfareFunction;
  readonly phones: FanfareFunction;
  readonly platforms: PlatformApplications;
  readonly #props: PushStackProps;

  constructor(scope: Construct, id: string, all: PushStackProps) {
    const { config, push, data, messaging, relational, httpHost, ...props } = all;
    super(scope, id, props);
    this.#props = all;
    const { alarmClock, trail, pushes } = required(messaging);
    const {
      messages,
      accepting,
      inbox,
      pushes: planning,
      people,
    } = variablesOf(config, data, messaging, undefined, '');
    const kept = { FANFARE_TRAIL_RETENTION_HOURS: String(24 * push.trailDays) };

    this.schedule = this.#aFunction('schedule', 'Sends what is scheduled', {
      timeoutSeconds: SCHEDULE_TIMEOUT_SECONDS,
      environment: {
        ...messages,
        ...accepting,
        ...inbox,
        ...alarmClock.environment,
        ...relational.cache.environment,
        ...planning,
        ...people,
        ...kept,
        FANFARE_IDEMPOTENCY_TABLE: data.idempotency.tableName,
      },
      // An alarm that goes off early is put back into the queue for its last minute.
      recursive: true,
    });
    const { role } = this.schedule;
    permissions.allowReadAndWrite(role, data.messages);
    permissions.allowReadAndWrite(role, data.idempotency);
    permissions.allowItems(role, data.inbox, 'PutItem');
    permissions.allowPublish(role, messaging.topic, messaging.key);
    permissions.allowSend(role, pushes.queue);
    permissions.allowReadSecret(role, relational.cache.password.secretArn);
    alarmClock.allow(role);
    this.schedule.lambda.addEventSource(
      new SqsEventSource(alarmClock.queue.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: config.functions.scheduleConcurrency,
      }),
    );
    this.platforms = new PlatformApplications(this, 'Platforms', { config, push });
    this.phones = this.#aPusher(pushes, { ...inbox, ...people, ...kept });
    new Rule(this, 'EachMinute', {
      description: `Fanfare ${config.stage}: what is due, and what is no longer kept`,
      schedule: Schedule.rate(Duration.minutes(1)),
      // The next minute's looks at everything again.
      targets: [this.schedule, this.phones].map(
        ({ lambda }) => new LambdaFunction(lambda, { retryAttempts: 0 }),
      ),
    });

    this.trail = this.#aFunction('trail', 'Keeps what happened to notifications', {
      timeoutSeconds: TRAIL_TIMEOUT_SECONDS,
      environment: kept,
    });
    this.trail.lambda.addEventSource(
      new SqsEventSource(trail.queue, {
        batchSize: TRAIL_BATCH,
        maxBatchingWindow: TRAIL_WINDOW,
        reportBatchItemFailures: true,
        maxConcurrency: config.functions.trailConcurrency,
      }),
    );
  }

  /** Decides about phones, and tells them. */
  #aPusher(pushes: QueuePair, environment: Readonly<Record<string, string | undefined>>): FanfareFunction {
    const { config, data, relational, push, httpHost } = this.#props;
    const { cache, linkSecret } = relational;
    const vapid = push.webPush?.secretName;
    const made = this.#aFunction('push', 'Tells phones', {
      timeoutSeconds: PUSH_TIMEOUT_SECONDS,
      outgoing: vapid !== undefined,
      environment: {
        ...environment,
        ...cache.environment,
        ...this.platforms.environment,
        ...linkSecret?.environment,
        FANFARE_VAPID_SECRET_ID: vapid,
        FANFARE_PUBLIC_URL: linkSecret && `https://${httpHost}`,
      },
    });
    permissions.allowItems(made.role, data.inbox, 'GetItem');
    permissions.allowQueryIndexes(made.role, data.inbox, INBOX_INDEXES);
    permissions.allowReadSecret(made.role, cache.password.secretArn);
    linkSecret?.allow(made.role);
    if (vapid !== undefined) permissions.allowReadSecret(made.role, permissions.secretArn(this, vapid));
    this.platforms.allow(made.role);
    made.lambda.addEventSource(
      new SqsEventSource(pushes.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: config.functions.pushConcurrency,
      }),
    );
    return made;
  }

  #aFunction(
    name: FunctionName,
    description: string,
    {
      outgoing = false,
      ...props
    }: Pick<FanfareFunctionProps, 'timeoutSeconds' | 'environment' | 'recursive'> & {
      /** Whether it has to reach the internet. */
      readonly outgoing?: boolean;
    },
  ): FanfareFunction {
    const { config, relational } = this.#props;
    const { network, database } = relational;
    const id = name.charAt(0).toUpperCase() + name.slice(1);
    const made = new FanfareFunction(this, id, {
      ...props,
      config,
      name,
      description: `Fanfare ${config.stage}: ${description}`,
      environment: { ...database.environment, ...props.environment },
      place: network.placeOf(network.functions, outgoing),
    });
    database.allow(made.role);
    new CfnOutput(this, `${id}FunctionName`, { value: made.lambda.functionName });
    return made;
  }
}

/** What the messaging stack has where push is on. */
const required = ({
  alarmClock,
  trail,
  push,
}: MessagingStack): { alarmClock: AlarmClock; trail: QueuePair; pushes: QueuePair } => {
  if (alarmClock === undefined || trail === undefined || push === undefined)
    throw new Error('push is on, and has no queues');
  return { alarmClock, trail, pushes: push };
};
