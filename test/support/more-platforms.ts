import { randomUUID } from 'node:crypto';
import { LocalstackContainer } from '@testcontainers/localstack';
import { resolveStack, stackClients, sweep } from './deployed-stack.ts';
import type { StackOutputs } from './localstack-setup.ts';

/** A platform beyond the LocalStack of every run, as the test files are told of it. */
export interface MorePlatform {
  /** Behind an adapter's name, in the report. */
  readonly suffix: string;
  /** Absent where the SDK's own environment says where and as whom. */
  readonly endpoint?: string;
  readonly outputs: StackOutputs;
  /** Everything that a run writes to a table has it in front of its key. */
  readonly prefix: string;
}

export interface OpenedPlatform {
  readonly platform: MorePlatform;
  close(): Promise<void>;
}

/** LocalStack's full edition; it starts with a token only. */
const FULL_EDITION = 'localstack/localstack-pro:4.14.0';

type Env = Readonly<Record<string, string | undefined>>;
type Deploy = (endpoint: string) => Promise<StackOutputs>;

/**
 * The optional platforms that the environment asks for. Both cost something, so neither is ever tried unasked; what is
 * asked for and cannot be had fails the run.
 */
export const openMorePlatforms = async (env: Env, deploy: Deploy): Promise<readonly OpenedPlatform[]> => {
  const { FANFARE_STACK: stack, LOCALSTACK_AUTH_TOKEN: token } = env;
  const opened: OpenedPlatform[] = [];
  if (stack !== undefined) opened.push(await openStack(stack, env));
  if (token !== undefined)
    opened.push(await openFullEdition(token, env.LOCALSTACK_IMAGE ?? FULL_EDITION, deploy));
  return opened;
};

const openStack = async (name: string, env: Env): Promise<OpenedPlatform> => {
  const clients = stackClients();
  const outputs = await resolveStack(clients, name, env.FANFARE_STACK_CONFIRM);
  const prefix = `parity-${randomUUID()}/`;
  const standIn = env.AWS_ENDPOINT_URL === undefined ? '' : `, at ${new URL(env.AWS_ENDPOINT_URL).hostname}`;
  return {
    platform: { suffix: `on the stack ${name}${standIn}`, outputs, prefix },
    close: async () => {
      await sweep(clients.dynamo, outputs, prefix);
      clients.dynamo.destroy();
      clients.cloudFormation.destroy();
    },
  };
};

const openFullEdition = async (token: string, image: string, deploy: Deploy): Promise<OpenedPlatform> => {
  const container = await new LocalstackContainer(image)
    .withEnvironment({ LOCALSTACK_AUTH_TOKEN: token, ACTIVATE_PRO: '1' })
    .start();
  const close = async (): Promise<void> => {
    await container.stop({ timeout: 0 });
  };
  try {
    const endpoint = container.getConnectionUri();
    return {
      platform: { suffix: `on ${image}`, endpoint, outputs: await deploy(endpoint), prefix: '' },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
