import { DevServer } from '../adapters/local/dev-server.ts';
import { pageRoutes } from '../adapters/local/page-routes.ts';
import { PinoLogger } from '../adapters/pino/pino-logger.ts';
import { composeLocal } from './compose-local.ts';
import type { Config } from './config.ts';
import { resolve } from './injection.ts';
import type { Caching } from './open-caching.ts';
import { openCaching } from './open-caching.ts';
import { openPushGateways } from './open-push-gateways.ts';
import type { OpenStores } from './open-stores.ts';
import { openStores } from './open-stores.ts';
import { pageTokens } from './page-tokens.ts';
import { reachable } from './reachable.ts';
import type { Secret } from './secret.ts';
import { resolveSecret } from './secret.ts';
import { LOCAL_TOKENS, POSTGRES_TOKENS, PUSH_TOKENS, TOKENS } from './tokens.ts';

/** How long a stop waits for requests, and then for deliveries; together with the rest it stays under 5 s. */
const ANSWER_BUDGET_MS = 1_500;
const DELIVER_BUDGET_MS = 1_500;
const CLOSE_BUDGET_MS = 500;

export interface LocalServer {
  /** `http://host:port`, as it is reached from this machine */
  readonly url: string;
  /** Absent where tokens are verified by a JWKS: then others sign them. */
  readonly secret: Secret | undefined;
  /** Finishes what was accepted, closes every socket 1001, and lets go of the port; within 5 s. */
  stop(): Promise<void>;
}

/**
 * The local composition, listening. Rejects with ConfigError, with the system's error for the port, or with what
 * `openStores` rejects with.
 */
export const startLocalServer = async (config: Config, stateFolder: string): Promise<LocalServer> => {
  const logger = new PinoLogger({ level: config.logLevel });
  const stores = await openStores(config, logger);
  const caching = await openCaching(config, logger);
  const close = async (): Promise<void> => {
    caching.close();
    await stores.close();
  };
  try {
    return await startOn({ stores, caching, close }, config, stateFolder);
  } catch (error) {
    await close();
    throw error;
  }
};

/** What the server stands on. */
interface Ground {
  readonly stores: OpenStores;
  readonly caching: Caching;
  close(): Promise<void>;
}

const startOn = async (
  { stores, caching, close }: Ground,
  config: Config,
  stateFolder: string,
): Promise<LocalServer> => {
  const gateways = await openPushGateways(config);
  const { jwksUrl } = config.auth;
  const secret = jwksUrl === undefined ? resolveSecret(config, stateFolder) : undefined;
  const keys =
    jwksUrl === undefined
      ? ({ kind: 'secret', secret: secret?.value ?? '' } as const)
      : ({ kind: 'jwks', url: jwksUrl } as const);
  const container = composeLocal(config, keys, stores.module, caching.module, gateways);

  const app = resolve(container, TOKENS.httpApp);
  const bus = resolve(container, LOCAL_TOKENS.bus);
  const queue = resolve(container, LOCAL_TOKENS.queue);
  const gateway = resolve(container, LOCAL_TOKENS.gateway);
  const handshakes = resolve(container, TOKENS.handshakes);
  const frameRouter = resolve(container, TOKENS.frameRouter);
  const disconnect = resolve(container, TOKENS.disconnect);
  const fanOut = resolve(container, TOKENS.fanOut);
  const deliver = resolve(container, TOKENS.deliver);
  const presenceQueue = resolve(container, LOCAL_TOKENS.presenceQueue);
  const tellPresence = resolve(container, TOKENS.tellPresence);
  const lifecycle = resolve(container, LOCAL_TOKENS.lifecycle);
  const pushes = resolve(container, PUSH_TOKENS.runPushes);

  pageRoutes(app, { tokens: pageTokens(config, secret) });
  bus.subscribe(message => fanOut.execute(message));
  queue.consume(job => deliver.execute(job));
  presenceQueue.consume(event => tellPresence.execute(event));
  gateway.open({
    connect: event => handshakes.decide(event),
    message: (id, text) => frameRouter.answer(id, text),
    disconnect: async id => {
      await disconnect.execute(id);
    },
  });
  resolve(container, LOCAL_TOKENS.prometheus).gauge('connections', 'Open sockets', () => gateway.connections);

  const logger = resolve(container, TOKENS.logger);
  const managementApi = resolve(container, LOCAL_TOKENS.managementApi);
  const server = new DevServer({ app, gateway, managementApi, logger });
  const port = await server.listen(config.host, config.port);
  logger.info('server.listening', { host: config.host, port });
  const repeated = [
    resolve(container, LOCAL_TOKENS.ticking),
    resolve(container, PUSH_TOKENS.ticking),
    ...(stores.durable ? [resolve(container, POSTGRES_TOKENS.sweeping)] : []),
  ];
  for (const work of repeated) work.start();

  return {
    url: `http://${reachable(config.host)}:${port}`,
    secret,
    stop: async () => {
      lifecycle.draining = true;
      const still = Promise.all(repeated.map(work => work.stop()));
      await server.stopAccepting(ANSWER_BUDGET_MS);
      await within(DELIVER_BUDGET_MS, bus.drain());
      await within(CLOSE_BUDGET_MS, gateway.shutdown());
      await server.ended(CLOSE_BUDGET_MS);
      gateway.terminate();
      server.destroy();
      await within(CLOSE_BUDGET_MS, still);
      await within(CLOSE_BUDGET_MS, pushes.drain());
      await within(CLOSE_BUDGET_MS, close());
      logger.info('server.stopped');
    },
  };
};

/** Waits for the work, but not for longer than `budgetMs`. */
export const within = async (budgetMs: number, work: Promise<unknown>): Promise<void> => {
  const { promise, resolve: give } = Promise.withResolvers<void>();
  const timer = setTimeout(give, budgetMs);
  await Promise.race([work, promise]);
  clearTimeout(timer);
};
