// Writes the CloudFormation templates of one environment to infra/cdk.out, and refuses what AWS's rules find wrong.
//
//   FANFARE_ENVIRONMENT=production npm run synth     infra/environments/production.ts; `example` without it
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { EnvironmentConfig } from './config.ts';
import { aFanfareApp } from './fanfare-app.ts';

const environments = new URL('environments/', import.meta.url);
const names = readdirSync(environments).map(file => file.replace(/\.ts$/, ''));
const name = process.env.FANFARE_ENVIRONMENT ?? 'example';
if (!names.includes(name)) {
  throw new Error(`FANFARE_ENVIRONMENT: expected one of ${names.join(', ')}, found ${name}`);
}
const { default: config }: { default: EnvironmentConfig } = await import(`./environments/${name}.ts`);

const { app } = aFanfareApp({
  config,
  outdir: process.env.CDK_OUTDIR ?? fileURLToPath(new URL('cdk.out/', import.meta.url)),
  // Set by the CDK's command, from the credentials in use.
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
