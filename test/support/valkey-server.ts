import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Valkey } from 'iovalkey';
import type { StartedTestContainer } from 'testcontainers';
import { openValkey } from '../../src/adapters/valkey/open-valkey.ts';
import { SequentialIds, SilentLogger } from './fakes.ts';
import { until } from './until.ts';

export const VALKEY_IMAGE = 'valkey/valkey:8';

export interface ValkeyServerOptions {
  /** The same after a restart; the system's choice without it. */
  readonly hostPort?: number;
  readonly command?: readonly string[];
  readonly files?: readonly { readonly content: string; readonly target: string; readonly mode?: number }[];
}

/** A server in a container; whoever starts it stops it. */
export const startValkey = async (options: ValkeyServerOptions = {}): Promise<StartedTestContainer> => {
  const { hostPort, command = ['valkey-server', '--save', ''], files = [] } = options;
  // Only here, since loading it takes long, and most files that import this one never start any.
  const { GenericContainer, Wait } = await import('testcontainers');
  return new GenericContainer(VALKEY_IMAGE)
    .withExposedPorts(hostPort === undefined ? 6_379 : { container: 6_379, host: hostPort })
    .withCommand([...command])
    .withCopyContentToContainer([...files])
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
    .start();
};

/**
 * Of a cluster the one node, and with it every slot, as ElastiCache Serverless shows itself to a client: commands may name
 * keys of one slot only, and there is no database but 0.
 */
export const startValkeyCluster = async (): Promise<StartedTestContainer> => {
  const container = await startValkey({
    command: ['valkey-server', '--save', '', '--cluster-enabled', 'yes'],
  });
  const cli = async (...words: readonly string[]) =>
    (await container.exec(['valkey-cli', 'cluster', ...words])).output;
  await cli('addslotsrange', '0', '16383');
  await until(async () => (await cli('info')).includes('cluster_state:ok'));
  return container;
};

export const urlOf = (container: StartedTestContainer): URL =>
  new URL(`valkey://${container.getHost()}:${container.getMappedPort(6_379)}`);

/** What the suites of Valkey's adapters are held to. */
export const VALKEYS = [
  { suffix: '', start: () => startValkey() },
  { suffix: ' in cluster mode', start: startValkeyCluster },
] as const;

/** One server for a file of tests, started when it is first asked for. */
export const sharedValkey = (begin: () => Promise<StartedTestContainer> = startValkey) => {
  let started: Promise<{ container: StartedTestContainer; client: Valkey }> | undefined;
  const start = async () => {
    const container = await begin();
    const client = openValkey({
      url: urlOf(container),
      ids: new SequentialIds(),
      logger: new SilentLogger(),
      // For what is kept, and not for how soon it answers on a busy machine.
      budgetMs: 10_000,
    });
    await once(client, 'ready');
    return { container, client };
  };
  return {
    client: async (): Promise<Valkey> => {
      started ??= start();
      return (await started).client;
    },
    stop: async (): Promise<void> => {
      if (started === undefined) return;
      const { container, client } = await started;
      client.disconnect();
      await container.stop({ timeout: 0 });
    },
  };
};

/** A share of the server that nobody else has. */
export const aValkeyNamespace = (): string => `test-${randomUUID()}`;
