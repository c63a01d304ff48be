import { rmSync } from 'node:fs';
import type { Stack } from 'aws-cdk-lib';
import { type App, LegacyStackSynthesizer } from 'aws-cdk-lib';
import type { EnvironmentConfig } from './config.ts';
import { defineEnvironment } from './define-environment.ts';
import { aFanfareApp, aFoundation } from './fanfare-app.ts';

/** What an emulator gets: with the queues and the alarms that functions with a database use, wherever that is. */
export const emulatedEnvironment = defineEnvironment({
  stage: 'test',
  data: { pointInTimeRecovery: false, deletionProtection: false },
  functions: { code: 'placeholder' },
  push: { database: { multiAz: false } },
});

export { default as testEnvironment } from './environments/test.ts';

/** A CloudFormation template. */
export type Template = object;

/**
 * The templates of what keeps things, as plain objects, without what a bootstrapped account adds to them (parameters,
 * rules, assets) and without the exports that the other stacks import: CloudFormation takes them as they are, as many
 * times as one likes. For tests, and for an emulator.
 */
export const synthesize = (config: EnvironmentConfig): { data: Template; messaging: Template } => {
  const { app, stacks } = aFoundation({ config, synthesizer: new LegacyStackSynthesizer() });
  return templatesOf(app, stacks);
};

/** Every stack's template, exports included. */
export const synthesizeAll = (config: EnvironmentConfig) => {
  const { app, stacks } = aFanfareApp({ config, synthesizer: new LegacyStackSynthesizer() });
  return templatesOf(app, stacks);
};

const templatesOf = <Stacks extends Readonly<Record<string, Stack | undefined>>>(
  app: App,
  stacks: Stacks,
): { [Name in keyof Stacks]: Template } => {
  const assembly = app.synth();
  const templates = Object.entries(stacks as Readonly<Record<string, Stack>>).map(([name, stack]) => [
    name,
    assembly.getStackArtifact(stack.artifactId).template as Template,
  ]);
  rmSync(assembly.directory, { recursive: true });
  return Object.fromEntries(templates) as { [Name in keyof Stacks]: Template };
};
