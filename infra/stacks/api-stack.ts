import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccessLogFormat, CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import type { IAccessLogSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
  WebSocketRoute,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration, WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { EnvironmentConfig } from '../config.ts';
import type { FanfareFunction } from '../fanfare-function.ts';
import { OwnDomain } from '../own-domain.ts';
import type { ComputeStack } from './compute-stack.ts';
import { SOCKET_STAGE } from './compute-stack.ts';

/** Longer than the function's own, so that it is the function that gives up, and logs why. */
const INTEGRATION_TIMEOUT = Duration.seconds(29);

export interface ApiStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly compute: ComputeStack;
}

/** What the world reaches: the WebSocket API's routes and stage, the HTTP API, their access logs, their names. */
export class ApiStack extends Stack {
  readonly httpApi: HttpApi;
  readonly httpHost: string;
  readonly socketHost: string;
  readonly #config: EnvironmentConfig;

  constructor(scope: Construct, id: string, { config, compute, ...props }: ApiStackProps) {
    super(scope, id, props);
    this.#config = config;
    const { socketThrottle, httpThrottle, domain, accountLoggingRole } = config.api;
    const { connect, disconnect, message, http } = compute.functions;

    this.#route(compute, 'Connect', '$connect', connect, {
      APIG4:
        'The function behind $connect verifies the token, which travels as a subprotocol; browsers can set nothing else.',
    });
    const behindConnect = { APIG4: 'Only $connect can have an authorizer; the connection was let in there.' };
    this.#route(compute, 'Disconnect', '$disconnect', disconnect, behindConnect);
    this.#route(compute, 'Message', '$default', message, behindConnect);
    const socketStage = new WebSocketStage(this, 'SocketStage', {
      webSocketApi: compute.socketApi,
      stageName: SOCKET_STAGE,
      autoDeploy: true,
      throttle: { rateLimit: socketThrottle.perSecond, burstLimit: socketThrottle.burst },
      detailedMetricsEnabled: true,
      accessLogSettings: this.#accessLog('SocketAccessLog', SOCKET_LOG),
    });
    if (accountLoggingRole) socketStage.node.addDependency(anAccountLoggingRole(this));

    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: `fanfare-${config.stage}-http`,
      createDefaultStage: false,
      // With a name of one's own, that is the only one. The WebSocket API keeps both: posts go to API Gateway's.
      disableExecuteApiEndpoint: domain !== undefined,
    });
    const httpStage = new HttpStage(this, 'HttpStage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: httpThrottle.perSecond, burstLimit: httpThrottle.burst },
      detailedMetricsEnabled: true,
      accessLogSettings: this.#accessLog('HttpAccessLog', HTTP_LOG),
    });
    this.#httpRoutes(http);

    if (domain !== undefined) {
      new OwnDomain(this, 'Domain', {
        ...domain,
        socket: { api: compute.socketApi, stage: socketStage, path: SOCKET_STAGE },
        http: { api: this.httpApi, stage: httpStage },
      });
    }
    const hostOf = (apiId: string) => `${apiId}.execute-api.${this.region}.${this.urlSuffix}`;
    this.socketHost = domain?.socketHost ?? hostOf(compute.socketApi.apiId);
    this.httpHost = domain?.httpHost ?? hostOf(this.httpApi.apiId);
    const output = (id: string, value: string, description: string) =>
      new CfnOutput(this, id, { value, description });
    output('SocketUrl', `wss://${this.socketHost}/${SOCKET_STAGE}`, 'FANFARE_SOCKET_URL, for fanfare tail');
    output('HttpUrl', `https://${this.httpHost}`, 'FANFARE_URL, for fanfare notify and redrive');
  }

  #route(
    compute: ComputeStack,
    id: string,
    routeKey: string,
    { lambda }: FanfareFunction,
    findings: Readonly<Record<string, string>>,
  ): void {
    const route = new WebSocketRoute(this, id, {
      webSocketApi: compute.socketApi,
      routeKey,
      integration: new WebSocketLambdaIntegration(`${id}Integration`, lambda, {
        timeout: INTEGRATION_TIMEOUT,
      }),
      // What the function returns for a frame is its answer, sent on the same socket.
      returnResponse: routeKey === '$default',
    });
    acknowledge(route, findings);
  }

  /** What a stranger may ask for, and the rest by token; an issuer's tokens are checked here and by the function. */
  #httpRoutes({ lambda }: FanfareFunction): void {
    const { tokens, push } = this.#config;
    const integration = new HttpLambdaIntegration('HttpIntegration', lambda, {
      timeout: INTEGRATION_TIMEOUT,
    });
    const native =
      tokens.kind === 'jwks' && tokens.issuer !== undefined && tokens.audience !== undefined
        ? new HttpJwtAuthorizer('Issuer', tokens.issuer, { jwtAudience: [tokens.audience] })
        : undefined;
    const open = new HttpNoneAuthorizer();
    const add = (path: string, method: HttpMethod, finding?: string): void => {
      const authorizer = finding === undefined ? native : open;
      for (const route of this.httpApi.addRoutes({ path, methods: [method], integration, authorizer })) {
        if (finding !== undefined) acknowledge(route, { APIG4: finding });
      }
    };
    add(
      '/v1/{proxy+}',
      HttpMethod.ANY,
      native === undefined ? 'The function verifies the token; API Gateway knows no HS256.' : undefined,
    );
    add(
      '/v1/{proxy+}',
      HttpMethod.OPTIONS,
      'A browser asks whether it may send a token before it sends one.',
    );
    if (push !== false && push.webPush !== undefined) {
      const finding =
        'The link itself is the permission, which the function verifies; who follows it has no token.';
      for (const method of [HttpMethod.GET, HttpMethod.POST]) add('/v1/unsubscribe/{token}', method, finding);
    }
    add('/health', HttpMethod.GET, 'Says that the function answers, and nothing else.');
    add('/openapi.json', HttpMethod.GET, "The API's description is public, as its source is.");
  }

  #accessLog(id: string, fields: Readonly<Record<string, string>>): IAccessLogSettings {
    const logGroup = new LogGroup(this, id, {
      retention: this.#config.functions.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return {
      destination: new LogGroupLogDestination(logGroup),
      format: AccessLogFormat.custom(JSON.stringify(fields)),
    };
  }
}

/** Neither a query string nor a header: either may carry a token. */
const SOCKET_LOG = {
  requestId: '$context.requestId',
  connectionId: '$context.connectionId',
  eventType: '$context.eventType',
  routeKey: '$context.routeKey',
  status: '$context.status',
  ip: '$context.identity.sourceIp',
  time: '$context.requestTime',
  integrationLatencyMs: '$context.integrationLatency',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
};

/** Not the path either, which a link that unsubscribes has its token in: the function logs the paths of what failed. */
const HTTP_LOG = {
  requestId: '$context.requestId',
  method: '$context.httpMethod',
  routeKey: '$context.routeKey',
  status: '$context.status',
  ip: '$context.identity.sourceIp',
  time: '$context.requestTime',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
};

/** A setting of the region, not of this API: it stays when the stack goes, for the APIs that rely on it by then. */
const anAccountLoggingRole = (scope: Construct): CfnAccount => {
  const policy = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';
  const role = new Role(scope, 'ApiGatewayLogging', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(policy)],
  });
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  acknowledge(role, {
    [`IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`]:
      'The policy that AWS names for this setting, which is for all APIs of the region.',
  });
  const account = new CfnAccount(scope, 'ApiGatewayAccount', { cloudWatchRoleArn: role.roleArn });
  account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return account;
};
