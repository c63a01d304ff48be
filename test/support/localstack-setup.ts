import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LocalstackContainer } from '@testcontainers/localstack';
import type { TestProject } from 'vitest/node';
import { deployStack } from '../../src/adapters/local/emulation/deploy-stack.ts';
import { whyNoContainers } from './containers.ts';
import { emulated, LOCALSTACK_IMAGE } from './localstack.ts';
import type { MorePlatform, OpenedPlatform } from './more-platforms.ts';
import { openMorePlatforms } from './more-platforms.ts';

/** The outputs of the data and the messaging stack, by name. */
export type StackOutputs = Readonly<Record<string, string>>;

export type LocalStack =
  | { readonly endpoint: string; readonly outputs: StackOutputs }
  /** Why there is none in this run. */
  | { readonly unavailable: string };

declare module 'vitest' {
  interface ProvidedContext {
    readonly localstack: LocalStack;
    /** What the environment asks for besides; see more-platforms.ts. */
    readonly morePlatforms: readonly MorePlatform[];
  }
}

/**
 * Vitest's global set-up: one LocalStack for the run, with the stacks that `infra/` deploys, if a test file of the run
 * needs it. Stopped when the run ends, however it ends.
 */
export default async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const provide = (localstack: LocalStack): void => project.provide('localstack', localstack);
  project.provide('morePlatforms', []);
  if (!(await isNeeded(project))) {
    provide({ unavailable: 'no test file of this run imports test/support/localstack.ts' });
    return undefined;
  }
  const unavailable = await whyNoContainers();
  if (unavailable !== undefined) {
    provide({ unavailable });
    return undefined;
  }
  const starting = new LocalstackContainer(LOCALSTACK_IMAGE).start();
  let more: readonly OpenedPlatform[] = [];
  const stop = async (): Promise<void> => {
    await (await starting).stop({ timeout: 0 });
    await Promise.all(more.map(platform => platform.close()));
  };
  try {
    const [container, templates] = await Promise.all([starting, synthesized()]);
    const endpoint = container.getConnectionUri();
    provide({ endpoint, outputs: await deploy(endpoint, templates) });
    more = await openMorePlatforms(process.env, url => deploy(url, templates));
    project.provide(
      'morePlatforms',
      more.map(({ platform }) => platform),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
};

/** Only here, since loading the CDK takes seconds. */
const synthesized = async (): Promise<Readonly<Record<string, object>>> => {
  const { synthesize, testEnvironment } = await import('../../infra/synth.ts');
  return synthesize(testEnvironment);
};

const deploy = async (
  endpoint: string,
  templates: Readonly<Record<string, object>>,
): Promise<StackOutputs> => {
  const client = new CloudFormationClient(emulated(endpoint));
  const outputs = await Promise.all(
    Object.entries(templates).map(([name, template]) =>
      deployStack(client, `fanfare-test-${name}`, () => template),
    ),
  );
  client.destroy();
  return Object.assign({}, ...outputs) as StackOutputs;
};

/** Whether a test file of the run imports `localstack.ts`, itself or by what it imports from `test/`. */
const isNeeded = async (project: TestProject): Promise<boolean> => {
  // Vitest keeps the filters of the command line to itself; were they to go, every run would count as a full one.
  const { filenamePattern } = project.vitest as { readonly filenamePattern?: string[] };
  const { testFiles } = await project.globTestFiles(filenamePattern);
  const seen = new Set<string>();
  return testFiles.some(file => imports(file, resolve(import.meta.dirname, 'localstack.ts'), seen));
};

const imports = (file: string, target: string, seen: Set<string>): boolean => {
  if (file === target) return true;
  if (seen.has(file) || !file.startsWith(resolve(import.meta.dirname, '..'))) return false;
  seen.add(file);
  const found = readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g);
  return [...found].some(([, path = '']) => imports(resolve(dirname(file), path), target, seen));
};
