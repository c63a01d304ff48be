import { rmSync } from 'node:fs';
import { LegacyStackSynthesizer } from 'aws-cdk-lib';
import type { EnvironmentConfig } from './config.ts';
import { aFanfareApp } from './fanfare-app.ts';

export { testEnvironment } from './environments/test.ts';

/** A CloudFormation template. */
export type Template = object;

/**
 * The templates as plain objects, without what a bootstrapped account adds to them (parameters, rules, assets), so
 * that CloudFormation takes them as they are: for tests, and for an emulator.
 */
export const synthesize = (config: EnvironmentConfig): { data: Template; messaging: Template } => {
  const { app, stacks } = aFanfareApp({ config, synthesizer: new LegacyStackSynthesizer() });
  const assembly = app.synth();
  const template = (stack: { readonly artifactId: string }): Template =>
    assembly.getStackArtifact(stack.artifactId).template;
  const templates = { data: template(stacks.data), messaging: template(stacks.messaging) };
  rmSync(assembly.directory, { recursive: true });
  return templates;
};
