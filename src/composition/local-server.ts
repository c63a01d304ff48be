import { signToken } from '../adapters/jose/token-signer.ts';
import { DevServer } from '../adapters/local/dev-server.ts';
import { isLoopback } from '../adapters/local/loopback.ts';
import type { PageTokens } from '../adapters/local/page-routes.ts';
import { pageRoutes } from '../adapters/local/page-routes.ts';
import type { Action } from '../domain/identity.ts';
import { composeLocal } from './compose-local.ts';
import type { Config } from './config.ts';
import { resolve } from './injection.ts';
import type { Secret } from './secret.ts';
import { resolveSecret } from './secret.ts';
import { LOCAL_TOKENS, TOKENS } from './tokens.ts';

const PAGE_TOKEN_MS = 12 * 60 * 60_000;
/** What a newcomer's users may do, so that the first page has something to show. */
const PAGE_RIGHTS: Readonly<Record<string, readonly Action[]>> = {
  'room:*': ['subscribe', 'publish', 'history', 'presence'],
  'topic:*': ['subscribe', 'history'],
};

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

/** The local composition, listening. Rejects with ConfigError, or with the system's error for the port. */
export const startLocalServer = async (config: Config, stateFolder: string): Promise<LocalServer> => {
  const { jwksUrl } = config.auth;
  const secret = jwksUrl === undefined ? resolveSecret(config, stateFolder) : undefined;
  const keys =
    jwksUrl === undefined
      ? ({ kind: 'secret', secret: secret?.value ?? '' } as const)
      : ({ kind: 'jwks', url: jwksUrl } as const);
  const container = composeLocal(config, keys);

  const app = resolve(container, TOKENS.httpApp);
  const bus = resolve(container, LOCAL_TOKENS.bus);
  const queue = resolve(container, LOCAL_TOKENS.queue);
  const gateway = resolve(container, LOCAL_TOKENS.gateway);
  const handshakes = resolve(container, TOKENS.handshakes);
  const frameRouter = resolve(container, TOKENS.frameRouter);
  const disconnect = resolve(container, TOKENS.disconnect);
  const fanOut = resolve(container, TOKENS.fanOut);
  const deliver = resolve(container, TOKENS.deliver);
  const lifecycle = resolve(container, LOCAL_TOKENS.lifecycle);

  pageRoutes(app, { tokens: pageTokens(config, secret) });
  bus.subscribe(message => fanOut.execute(message));
  queue.consume(job => deliver.execute(job));
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

  return {
    url: `http://${reachable(config.host)}:${port}`,
    secret,
    stop: async () => {
      lifecycle.draining = true;
      await server.stopAccepting(ANSWER_BUDGET_MS);
      await within(DELIVER_BUDGET_MS, bus.drain());
      await within(CLOSE_BUDGET_MS, gateway.shutdown());
      await server.ended(CLOSE_BUDGET_MS);
      gateway.terminate();
      server.destroy();
      logger.info('server.stopped');
    },
  };
};

/** A host as a URL writes it; one that stands for every address of this machine is reached at its loopback. */
const reachable = (host: string): string => {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
};

/** Only for the page of a developer's own machine. */
const pageTokens = (config: Config, secret: Secret | undefined): PageTokens | undefined => {
  if (secret === undefined || config.production || !isLoopback(config.host)) return undefined;
  const { issuer, audience } = config.auth;
  const sign = (user: string, admin: boolean): Promise<string> =>
    signToken(
      secret.value,
      { user, admin, allow: admin ? {} : PAGE_RIGHTS, expiresInMs: PAGE_TOKEN_MS, issuer, audience },
      Date.now(),
    );
  return async () => ({
    alice: await sign('alice', false),
    bob: await sign('bob', false),
    admin: await sign('admin', true),
  });
};

const within = async (budgetMs: number, work: Promise<void>): Promise<void> => {
  const { promise, resolve: give } = Promise.withResolvers<void>();
  const timer = setTimeout(give, budgetMs);
  await Promise.race([work, promise]);
  clearTimeout(timer);
};
