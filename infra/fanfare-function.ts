import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from './config.ts';
import type { Place } from './network.ts';
import { allowNetwork } from './permissions.ts';

export type FunctionName = keyof EnvironmentConfig['functions']['memoryMb'];

export interface FanfareFunctionProps {
  readonly config: EnvironmentConfig;
  readonly name: FunctionName;
  /** The bundle that it runs, unless that has its name. */
  readonly bundle?: string | undefined;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly reservedConcurrency?: number;
  /** That it may feed the queue that it is fed by. */
  readonly recursive?: boolean;
  /** Where it is, unless it is in none of our networks. */
  readonly place?: Place | undefined;
}

/**
 * One bundle as a function, with a log group and a role of its own. The role has no managed policy, which would let it
 * write to every log group: what it may do is what it is granted.
 */
export class FanfareFunction extends Construct {
  readonly name: FunctionName;
  readonly role: Role;
  readonly lambda: LambdaFunction;
  readonly timeoutSeconds: number;

  constructor(scope: Construct, id: string, props: FanfareFunctionProps) {
    super(scope, id);
    const { config, name, timeoutSeconds } = props;
    this.name = name;
    this.timeoutSeconds = timeoutSeconds;
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: config.functions.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(this.role);
    const { place } = props;
    if (place !== undefined) allowNetwork(this.role);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: codeOf(config, props.bundle ?? name),
      handler: 'index.handler',
      memorySize: config.functions.memoryMb[name],
      timeout: Duration.seconds(timeoutSeconds),
      reservedConcurrentExecutions: props.reservedConcurrency,
      recursiveLoop: props.recursive ? RecursiveLoop.ALLOW : undefined,
      environment: definedOnly({
        ...props.environment,
        FANFARE_STAGE: config.stage,
        FANFARE_LOG_LEVEL: config.functions.logLevel,
        NODE_ENV: 'production',
      }),
      role: this.role,
      logGroup,
      ...(place === undefined
        ? {}
        : { vpc: place.vpc, vpcSubnets: place.subnets, securityGroups: [place.group] }),
    });
  }
}

const PLACEHOLDER = 'exports.handler = async () => ({ statusCode: 503 });';

/** @throws Error where the bundle has not been built */
const codeOf = (config: EnvironmentConfig, name: string): Code => {
  if (config.functions.code === 'placeholder') return Code.fromInline(PLACEHOLDER);
  const folder = fileURLToPath(new URL(`../dist/lambda/${name}/`, import.meta.url));
  if (existsSync(`${folder}index.mjs`)) return Code.fromAsset(folder, { exclude: ['*.map'] });
  throw new Error(`dist/lambda/${name}/index.mjs is missing; build the functions first: npm run build`);
};

const definedOnly = (environment: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
