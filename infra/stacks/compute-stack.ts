import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { EnvironmentConfig } from '../config.ts';
import type { FunctionName } from '../fanfare-function.ts';
import { FanfareFunction } from '../fanfare-function.ts';
import { httpWithData } from '../http-with-data.ts';
import type { Place } from '../network.ts';
import * as permissions from '../permissions.ts';
import { variablesOf } from '../variables.ts';
import type { DataStack } from './data-stack.ts';
import { INBOX_INDEXES } from './data-stack.ts';
import type { MessagingStack } from './messaging-stack.ts';
import { PRESENCE_TIMEOUT_SECONDS } from './messaging-stack.ts';
import type { RelationalStack } from './relational-stack.ts';

/** The WebSocket API's stage, which ends its URL: clients and the command connect to `/ws` wherever Fanfare runs. */
export const SOCKET_STAGE = 'ws';

/** API Gateway gives an integration 29 s; whoever waits on a socket or for an answer has gone long before. */
const REQUEST_TIMEOUT_SECONDS = 15;

/** Records of a queue that one invocation gets. */
const BATCH_SIZE = 10;

export interface ComputeStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly data: DataStack;
  readonly messaging: MessagingStack;
  /** Where push is on: then `http` is in its network, and has the routes that need the database. */
  readonly relational?: RelationalStack | undefined;
}

/**
 * The functions, each with no more than it needs. The WebSocket API is made here, without a route, because its id is
 * part of the address that the functions post to; its routes lead to the functions and are in the API stack.
 */
export class ComputeStack extends Stack {
  readonly socketApi: WebSocketApi;
  readonly functions: Readonly<
    Record<Exclude<FunctionName, 'migrate' | 'schedule' | 'trail' | 'push' | 'platforms'>, FanfareFunction>
  >;
  readonly #config: EnvironmentConfig;

  constructor(
    scope: Construct,
    id: string,
    { config, data, messaging, relational, ...props }: ComputeStackProps,
  ) {
    super(scope, id, props);
    this.#config = config;
    this.socketApi = new WebSocketApi(this, 'SocketApi', { apiName: `fanfare-${config.stage}-socket` });

    const { postConcurrency, fanOutConcurrency, deliverConcurrency, presenceConcurrency } = config.functions;
    const { fanOutTimeoutSeconds, deliverTimeoutSeconds } = config.messaging;
    const { fanOut: fanOutQueue, delivery } = messaging;
    const secretArn = config.tokens.kind === 'secret' ? this.#aSigningSecret().secretArn : undefined;
    // Never from an event's domainName: behind a domain of one's own that is not where the management API is.
    const endpoint = `https://${this.socketApi.apiId}.execute-api.${this.region}.${this.urlSuffix}/${SOCKET_STAGE}`;
    const variables = variablesOf(config, data, messaging, secretArn, endpoint);
    const { connections, messages, accepting, verifying, queueing, posting, presence: here } = variables;
    const withData = relational && httpWithData(config, messaging, relational);
    const delivering = {
      ...connections,
      ...messages,
      ...queueing,
      ...posting,
      ...variables.trail,
      FANFARE_POST_CONCURRENCY: String(postConcurrency),
    };

    const connect = this.#aFunction('connect', 'Opens a connection, or refuses it', {
      environment: { ...connections, ...verifying },
    });
    const disconnect = this.#aFunction('disconnect', 'Forgets a connection', { environment: connections });
    const message = this.#aFunction('message', 'Answers a frame', {
      environment: {
        ...connections,
        ...messages,
        ...accepting,
        ...posting,
        ...variables.inbox,
        ...variables.frames,
        ...variables.trail,
        ...variables.pushes,
      },
    });
    const http = this.#aFunction('http', 'Answers the HTTP API', {
      environment: {
        ...messages,
        ...accepting,
        ...verifying,
        ...queueing,
        ...variables.presenceList,
        ...variables.inbox,
        ...variables.people,
        ...variables.requests,
        FANFARE_IDEMPOTENCY_TABLE: data.idempotency.tableName,
        ...withData?.environment,
      },
      ...withData?.props,
    });
    const fanOut = this.#aFunction('fan-out', 'Plans who gets a message, and delivers it to the few', {
      environment: delivering,
      timeoutSeconds: fanOutTimeoutSeconds,
    });
    const deliver = this.#aFunction('deliver', 'Posts a message to a page of connections', {
      environment: delivering,
      timeoutSeconds: deliverTimeoutSeconds,
      reservedConcurrency: deliverConcurrency,
      // It puts the rest of a job back, at most as often as its policy has attempts. Lambda counts for a whole batch,
      // so that jobs which travel together would pass its 16 rounds together, and be dead-lettered when most is throttled.
      recursive: true,
    });
    const presence = this.#aFunction('presence', 'Tells who came and who left', {
      environment: { ...here, ...messages, ...accepting },
      timeoutSeconds: PRESENCE_TIMEOUT_SECONDS,
      // A watch over who is here comes back through the queue every quarter of an hour, for as long as somebody stays.
      recursive: true,
    });
    this.functions = { connect, disconnect, message, http, 'fan-out': fanOut, deliver, presence };

    for (const { role } of [connect, disconnect, message, fanOut, deliver]) {
      permissions.allowReadAndWrite(role, data.connections);
      permissions.allowSend(role, messaging.presence.queue);
    }
    for (const { role } of [connect, disconnect, fanOut, deliver]) {
      permissions.allowItems(role, data.presence, 'UpdateItem');
    }
    permissions.allowItems(message.role, data.presence, 'UpdateItem', 'Query');
    permissions.allowItems(http.role, data.presence, 'Query');
    permissions.allowItems(presence.role, data.presence, 'GetItem', 'Query', 'UpdateItem', 'DeleteItem');
    permissions.allowSend(presence.role, messaging.presence.queue);
    for (const { role } of [message, http, presence]) {
      permissions.allowReadAndWrite(role, data.messages);
      permissions.allowPublish(role, messaging.topic, messaging.key);
    }
    for (const { role } of [message, http]) permissions.allowItems(role, data.limits, 'UpdateItem');
    permissions.allowItems(message.role, data.inbox, 'UpdateItem');
    permissions.allowItems(http.role, data.inbox, 'PutItem');
    for (const { role } of [message, http]) permissions.allowQueryIndexes(role, data.inbox, INBOX_INDEXES);
    withData?.allow(http.role, data);
    if (messaging.trail !== undefined) {
      for (const { role } of [message, fanOut, deliver]) permissions.allowSend(role, messaging.trail.queue);
    }
    // What was read is taken back from phones.
    if (messaging.push !== undefined) {
      for (const { role } of [message, http]) permissions.allowSend(role, messaging.push.queue);
    }
    permissions.allowReadAndWrite(http.role, data.idempotency);
    permissions.allowReceive(http.role, delivery.deadLetters);
    permissions.allowSend(http.role, delivery.queue);
    for (const { role } of [fanOut, deliver]) {
      permissions.allowRead(role, data.messages);
      permissions.allowSend(role, delivery.queue, delivery.deadLetters);
      this.#allowManageConnections(role, 'POST', 'GET', 'DELETE');
    }
    // To tell a connection that it has ended, and to end it, or one that sends too much.
    this.#allowManageConnections(message.role, 'POST', 'DELETE');
    if (secretArn !== undefined) {
      for (const { role } of [connect, http]) permissions.allowReadSecret(role, secretArn);
    }
    // Fan-out is held by its poller alone, whose records wait in the queue. Deliver is held by a reservation too, so
    // that its share of the posts per second is a fact, whatever else invokes it: see maxPostsPerSecond in config.ts.
    poll(fanOut, fanOutQueue.queue, fanOutConcurrency);
    poll(deliver, delivery.queue, deliverConcurrency);
    poll(presence, messaging.presence.queue, presenceConcurrency);
  }

  #aFunction(
    name: FunctionName,
    description: string,
    props: {
      readonly environment: Readonly<Record<string, string | undefined>>;
      readonly timeoutSeconds?: number;
      readonly reservedConcurrency?: number;
      readonly recursive?: boolean;
      readonly bundle?: string;
      readonly place?: Place;
    },
  ): FanfareFunction {
    const id = name === 'fan-out' ? 'FanOut' : name.charAt(0).toUpperCase() + name.slice(1);
    const made = new FanfareFunction(this, id, {
      config: this.#config,
      name,
      description: `Fanfare ${this.#config.stage}: ${description}`,
      timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
      ...props,
    });
    new CfnOutput(this, `${id}FunctionName`, { value: made.lambda.functionName });
    return made;
  }

  /** 64 letters and digits; more than the 32 bytes that HS256 asks for (RFC 7518 section 3.2). */
  #aSigningSecret(): Secret {
    const secret = new Secret(this, 'SigningSecret', {
      description: `Signs the tokens of Fanfare ${this.#config.stage}`,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: this.#config.data.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(secret, {
      SMG4: 'A rotation makes every token in use invalid at once, so it is done by hand: see docs/deploy.md.',
    });
    new CfnOutput(this, 'SigningSecretArn', { value: secret.secretArn });
    return secret;
  }

  #allowManageConnections(role: IRole, ...calls: readonly permissions.ConnectionCall[]): void {
    permissions.allowManageConnections(role, this.socketApi.apiId, SOCKET_STAGE, calls);
    const api = this.getLogicalId(this.socketApi.node.defaultChild as never);
    const reason = "A connection's id is made by API Gateway when it opens; no policy can list it.";
    acknowledge(
      role,
      Object.fromEntries(
        calls.map(method => [
          `IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${api}>/${SOCKET_STAGE}/${method}/@connections/*]`,
          reason,
        ]),
      ),
    );
  }
}

/** One bad record comes back alone, and no more invocations run at a time than said. */
const poll = ({ lambda }: FanfareFunction, queue: IQueue, maxConcurrency: number): void =>
  lambda.addEventSource(
    new SqsEventSource(queue, { batchSize: BATCH_SIZE, reportBatchItemFailures: true, maxConcurrency }),
  );
