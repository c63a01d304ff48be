import { App, type IStackSynthesizer, Tags } from 'aws-cdk-lib';
import type { EnvironmentConfig } from './config.ts';
import { DataStack } from './stacks/data-stack.ts';
import { MessagingStack } from './stacks/messaging-stack.ts';

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
};

/** All stacks of one environment. */
export const aFanfareApp = ({ config, outdir, env, synthesizer }: FanfareAppOptions) => {
  const app = new App({ analyticsReporting: false, outdir, context: FEATURES });
  const named = (name: string) => ({
    config,
    env,
    synthesizer,
    stackName: `fanfare-${config.stage}-${name}`,
  });
  const data = new DataStack(app, 'Data', named('data'));
  const messaging = new MessagingStack(app, 'Messaging', named('messaging'));
  Tags.of(app).add('app', 'fanfare');
  Tags.of(app).add('stage', config.stage);
  return { app, stacks: { data, messaging } };
};
