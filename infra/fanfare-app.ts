import { App, type IStackSynthesizer, Tags } from 'aws-cdk-lib';
import type { EnvironmentConfig } from './config.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { ComputeStack } from './stacks/compute-stack.ts';
import { ConsoleStack } from './stacks/console-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { MessagingStack } from './stacks/messaging-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import { PushStack } from './stacks/push-stack.ts';
import { RelationalStack } from './stacks/relational-stack.ts';
import { SchemaStack } from './stacks/schema-stack.ts';

export interface FanfareAppOptions {
  readonly config: EnvironmentConfig;
  /** Where the cloud assembly is written; a temporary directory unless told. */
  readonly outdir?: string;
  /** Neither is known until somebody deploys; templates are then written for any account and region. */
  readonly env?: { readonly account?: string; readonly region?: string };
  readonly synthesizer?: IStackSynthesizer;
}

/**
 * Behaviour of the CDK that its authors advise for new apps and leave off for old ones. In code, rather than in
 * `cdk.json`, so that a template is the same whether the CDK's command, a script or a test writes it.
 */
const FEATURES = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
  '@aws-cdk/core:target-partitions': ['aws', 'aws-cn'],
  // What the CDK's own rules find wrong with a template fails the synthesis.
  '@aws-cdk/core:validateAgainstDefaultRules': true,
};

/** The tables, the topic and the queues: what keeps things, and depends on nothing else. */
export const aFoundation = ({ config, outdir, env, synthesizer }: FanfareAppOptions) => {
  const app = new App({ analyticsReporting: false, outdir, context: FEATURES });
  const common = (name: string) => ({
    config,
    env,
    synthesizer,
    stackName: `fanfare-${config.stage}-${name}`,
  });
  const data = new DataStack(app, 'Data', common('data'));
  const messaging = new MessagingStack(app, 'Messaging', common('messaging'));
  Tags.of(app).add('app', 'fanfare');
  Tags.of(app).add('stage', config.stage);
  return { app, common, stacks: { data, messaging } };
};

type Common = ReturnType<typeof aFoundation>['common'];
type Foundation = ReturnType<typeof aFoundation>['stacks'];

interface RelationalPart {
  readonly relational: RelationalStack;
  readonly schema: SchemaStack;
}

/** The database and the cache, and what is in them; none of it where push is off. */
const aRelationalPart = (
  push: EnvironmentConfig['push'],
  app: App,
  common: Common,
): Partial<RelationalPart> => {
  if (push === false) return {};
  const relational = new RelationalStack(app, 'Relational', { ...common('relational'), push });
  const schema = new SchemaStack(app, 'Schema', { ...common('schema'), relational });
  return { relational, schema };
};

/** After the API, whose address is in links. */
const aPushStack = (
  push: EnvironmentConfig['push'],
  app: App,
  common: Common,
  { relational, schema, ...others }: Foundation & Partial<RelationalPart> & { readonly httpHost: string },
): { readonly push?: PushStack } => {
  if (push === false || relational === undefined || schema === undefined) return {};
  const made = new PushStack(app, 'Push', { ...common('push'), ...others, push, relational });
  made.addStackDependency(schema);
  return { push: made };
};

/** All stacks of one environment. */
export const aFanfareApp = (options: FanfareAppOptions) => {
  const { app, common, stacks } = aFoundation(options);
  const behind = aRelationalPart(options.config.push, app, common);
  const compute = new ComputeStack(app, 'Compute', {
    ...common('compute'),
    ...stacks,
    relational: behind.relational,
  });
  // No function runs before the schema is the one that it knows.
  if (behind.schema !== undefined) compute.addStackDependency(behind.schema);
  const api = new ApiStack(app, 'Api', { ...common('api'), compute });
  const { httpHost, socketHost } = api;
  const pushing = aPushStack(options.config.push, app, common, { ...stacks, ...behind, httpHost });
  const all = { ...stacks, ...behind, ...pushing, compute, api };
  const site: { readonly console?: ConsoleStack } = options.config.console
    ? { console: new ConsoleStack(app, 'Console', { ...common('console'), httpHost, socketHost }) }
    : {};
  const observability = new ObservabilityStack(app, 'Observability', { ...common('observability'), ...all });
  return { app, stacks: { ...all, ...site, observability } };
};
