import { ArnFormat, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { EnvironmentConfig } from './config.ts';
import { FanfareFunction } from './fanfare-function.ts';
import { allow, secretArn } from './permissions.ts';
import type { PushConfig } from './push-config.ts';

/** Our names of platforms, SNS's, and the variable that names each to the functions. */
const PLATFORMS = {
  apns: { platform: 'APNS', variable: 'FANFARE_APNS_APPLICATION_ARN' },
  apnsSandbox: { platform: 'APNS_SANDBOX', variable: 'FANFARE_APNS_SANDBOX_APPLICATION_ARN' },
  fcm: { platform: 'GCM', variable: 'FANFARE_FCM_APPLICATION_ARN' },
} as const;
type Configured = keyof typeof PLATFORMS;

const TIMEOUT_SECONDS = 60;

export interface PlatformApplicationsProps {
  readonly config: EnvironmentConfig;
  readonly push: PushConfig;
}

/**
 * SNS's ways to Apple's and Google's phones. CloudFormation knows no platform application, so a function makes them, with
 * the credentials that it reads from Secrets Manager: no template and no log has them. It is in no network; SNS is public.
 */
export class PlatformApplications extends Construct {
  /** What a function is told that pushes. */
  readonly environment: Readonly<Record<string, string>>;
  /** Endpoints that SNS disabled, or could not deliver to, as it tells them. */
  readonly failures?: Queue;
  readonly #applications: readonly string[];

  constructor(scope: Construct, id: string, { config, push }: PlatformApplicationsProps) {
    super(scope, id);
    const configured = (Object.keys(PLATFORMS) as Configured[]).filter(name => push[name] !== undefined);
    const stack = Stack.of(this);
    const nameOf = (name: Configured) => `fanfare-${config.stage}-${name.toLowerCase()}`;
    this.#applications = configured.map(name => `${PLATFORMS[name].platform}/${nameOf(name)}`);
    if (configured.length === 0) {
      this.environment = {};
      return;
    }
    const secretArns = configured.map(name => secretArn(stack, push[name]?.secretName ?? ''));
    const { topic, failures } = this.#tellFailures();
    this.failures = failures;
    const logging = this.#aLoggingRole(stack);
    const maker = this.#aMaker(config, secretArns, logging);
    this.environment = Object.fromEntries(
      configured.map(name => {
        const made = new CustomResource(this, name, {
          resourceType: 'Custom::FanfarePlatformApplication',
          serviceToken: maker.lambda.functionArn,
          serviceTimeout: Duration.seconds(2 * TIMEOUT_SECONDS),
          properties: {
            Platform: PLATFORMS[name].platform,
            Name: nameOf(name),
            SecretId: push[name]?.secretName,
            Revision: push[name]?.revision,
            FailureRoleArn: logging.roleArn,
            FailureTopicArn: topic.topicArn,
          },
        });
        made.node.addDependency(maker, logging);
        return [PLATFORMS[name].variable, made.getAttString('Arn')];
      }),
    );
  }

  /** To find, to make, to enable and to publish to the endpoints of phones. */
  allow(role: IRole): void {
    if (this.#applications.length === 0) return;
    const stack = Stack.of(this);
    allow(role, ['sns:CreatePlatformEndpoint'], ...this.#arns(stack, 'app', ''));
    allow(
      role,
      ['sns:GetEndpointAttributes', 'sns:SetEndpointAttributes', 'sns:DeleteEndpoint', 'sns:Publish'],
      ...this.#arns(stack, 'endpoint', '/*'),
    );
    this.#acknowledge(role, 'endpoint', '/*', 'SNS names an endpoint as a phone is registered.');
  }

  #arns(stack: Stack, kind: 'app' | 'endpoint', rest: string): string[] {
    return this.#applications.map(name =>
      stack.formatArn({
        service: 'sns',
        resource: `${kind}/${name}${rest}`,
        arnFormat: ArnFormat.NO_RESOURCE_NAME,
      }),
    );
  }

  #acknowledge(role: IRole, kind: 'app' | 'endpoint', rest: string, reason: string): void {
    const arn = 'arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>';
    const found = this.#applications.map(name => [`IAM5[Resource::${arn}:${kind}/${name}${rest}]`, reason]);
    acknowledge(role, Object.fromEntries(found));
  }

  #tellFailures(): { topic: Topic; failures: Queue } {
    const failures = new Queue(this, 'Failures', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(failures, { SQS3: 'It is where what failed ends.' });
    const topic = new Topic(this, 'FailureTopic', { enforceSSL: true });
    topic.addSubscription(new SqsSubscription(failures, { rawMessageDelivery: true }));
    return { topic, failures };
  }

  /** SNS makes a log group of its own for each application, and one for its failures. */
  #aLoggingRole(stack: Stack): Role {
    const role = new Role(this, 'Logging', { assumedBy: new ServicePrincipal('sns.amazonaws.com') });
    const groups = this.#applications.map(name =>
      stack.formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: `sns/${stack.region}/${stack.account}/app/${name}*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    allow(
      role,
      [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'logs:PutMetricFilter',
        'logs:PutRetentionPolicy',
      ],
      ...groups,
    );
    const reason = 'SNS makes and names the log groups, and the streams in them.';
    const arn =
      'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:sns/<AWS::Region>/<AWS::AccountId>';
    acknowledge(
      role,
      Object.fromEntries(this.#applications.map(name => [`IAM5[Resource::${arn}/app/${name}*]`, reason])),
    );
    return role;
  }

  #aMaker(config: EnvironmentConfig, secretArns: readonly string[], logging: Role): FanfareFunction {
    const maker = new FanfareFunction(this, 'Platforms', {
      config,
      name: 'platforms',
      description: `Fanfare ${config.stage}: Makes the ways to phones`,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: {},
    });
    const stack = Stack.of(this);
    allow(
      maker.role,
      [
        'sns:CreatePlatformApplication',
        'sns:SetPlatformApplicationAttributes',
        'sns:DeletePlatformApplication',
      ],
      ...this.#arns(stack, 'app', ''),
    );
    allow(maker.role, ['secretsmanager:GetSecretValue'], ...secretArns);
    maker.role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [logging.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'sns.amazonaws.com' } },
      }),
    );
    return maker;
  }
}
