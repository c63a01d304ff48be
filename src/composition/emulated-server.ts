import { SQSClient } from '@aws-sdk/client-sqs';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpApp } from '../adapters/http/app.ts';
import type { HttpEnv } from '../adapters/http/env.ts';
import { problemHandler } from '../adapters/http/problems.ts';
import { DevServer } from '../adapters/local/dev-server.ts';
import { EventSource } from '../adapters/local/emulation/event-source.ts';
import { httpViaFunction, viaFunctions } from '../adapters/local/emulation/function-routes.ts';
import { LambdaHost } from '../adapters/local/emulation/lambda-host.ts';
import { pageRoutes } from '../adapters/local/page-routes.ts';
import { causeOf } from '../domain/errors.ts';
import { composeGateway } from './compose-local.ts';
import type { Config } from './config.ts';
import type { EmulatedResources, FunctionName, Templates } from './emulated-aws.ts';
import {
  BUILT_FUNCTIONS,
  bundleOf,
  DATA_FUNCTIONS,
  emulatorClient,
  FUNCTIONS,
  prepareEmulator,
  requireBuilt,
} from './emulated-aws.ts';
import { emulatedDatabase, migrateEmulated } from './emulated-database.ts';
import { resolve } from './injection.ts';
import type { LocalServer } from './local-server.ts';
import { within } from './local-server.ts';
import { pageTokens } from './page-tokens.ts';
import { reachable } from './reachable.ts';
import { resolveSecret } from './secret.ts';
import { LOCAL_TOKENS, TOKENS } from './tokens.ts';

/** API Gateway's longest wait for an integration, and the functions' own timeout behind a queue. */
const INTEGRATION_TIMEOUT_MS = 29_000;
/** Invocations of a queue's function at once. */
const QUEUE_CONCURRENCY = 4;
const STOP_BUDGET_MS = 1_500;

/** What EventBridge's rule would send each minute. */
const MINUTE = { 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} };
const MINUTE_MS = 60_000;

export interface EmulationOptions {
  /** Where the emulator of AWS's APIs is. */
  readonly endpoint: string;
  /** The stacks' names begin with it. */
  readonly prefix: string;
  /** The stacks to deploy where none stand; those of the build without it. */
  readonly templates?: Templates;
  /** The folder with the functions' bundles; the build's without it. */
  readonly functions?: URL;
  /** What functions are told besides: what a deployment makes and an emulator has not. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the rule of each minute fires; it does unless told, and a test may rather fire it itself. */
  readonly minutes?: boolean;
  /** Is told every event before a function is handed it. What it throws, the invocation fails with. */
  readonly onInvoke?: (name: FunctionName, event: unknown) => void;
}

export interface EmulatedServer extends LocalServer {
  /** Where the functions keep things. */
  readonly resources: EmulatedResources;
  /** Hands a function an event, and resolves with its answer. */
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
}

/**
 * The composition on AWS, on a laptop: the functions' own bundles, behind the local gateway and the emulator's queues.
 * Rejects with what is missing, or with what a function found wrong with its environment.
 */
export const startEmulatedServer = async (
  config: Config,
  stateFolder: string,
  options: EmulationOptions,
): Promise<EmulatedServer> => {
  const { endpoint, prefix, templates, functions = BUILT_FUNCTIONS, minutes = true, onInvoke } = options;
  const postgres = emulatedDatabase(config);
  const names = postgres === undefined ? FUNCTIONS : [...FUNCTIONS, ...DATA_FUNCTIONS];
  requireBuilt(functions, names);
  const secret = resolveSecret(config, stateFolder);
  const container = composeGateway(config);
  const clock = resolve(container, TOKENS.clock);
  const logger = resolve(container, TOKENS.logger);
  const metrics = resolve(container, TOKENS.metrics);
  const gateway = resolve(container, LOCAL_TOKENS.gateway);
  const managementApi = resolve(container, LOCAL_TOKENS.managementApi);
  const resources = await prepareEmulator(endpoint, prefix, secret, templates, postgres?.url);
  const { data } = resources;
  if (postgres !== undefined) await migrateEmulated(postgres, logger);

  const app: HttpApp = new OpenAPIHono<HttpEnv>();
  app.onError(problemHandler({ logger, metrics }));
  const server = new DevServer({ app, gateway, managementApi, logger });
  const hosts = new Map<FunctionName, LambdaHost>();
  const invoke = (name: FunctionName) => (event: unknown) => {
    const host = hosts.get(name);
    onInvoke?.(name, event);
    return host === undefined ? Promise.reject(new Error(`${name} is not started`)) : host.invoke(event);
  };
  pageRoutes(app, { tokens: pageTokens(config, secret) });
  httpViaFunction(app, invoke(data === undefined ? 'http' : 'http-with-data'), { clock, logger });

  const port = await server.listen(config.host, config.port);
  const url = `http://${reachable(config.host)}:${port}`;
  const env = {
    ...config.functions,
    ...resources.env,
    ...data?.env,
    ...(postgres === undefined ? {} : { FANFARE_POSTGRES_SCHEMA: postgres.schema }),
    ...options.env,
    FANFARE_MANAGEMENT_ENDPOINT: url,
    FANFARE_PUBLIC_URL: (config.publicUrl ?? new URL(url)).href,
    FANFARE_LOG_LEVEL: config.logLevel,
  };
  const output = config.logLevel === 'debug' ? process.stderr : undefined;
  for (const name of names) {
    const host = new LambdaHost({
      name,
      bundle: bundleOf(functions, name),
      env,
      timeoutMs: INTEGRATION_TIMEOUT_MS,
      output,
    });
    hosts.set(name, host);
  }
  await Promise.all([...hosts.values()].map(host => host.ready()));
  gateway.open(
    viaFunctions(
      { connect: invoke('connect'), message: invoke('message'), disconnect: invoke('disconnect') },
      clock,
    ),
  );

  const client = new SQSClient(emulatorClient(endpoint));
  const source = (name: FunctionName, queueUrl: string): EventSource =>
    new EventSource({ client, queueUrl, maxConcurrency: QUEUE_CONCURRENCY, invoke: invoke(name), logger });
  const sources = [
    source('fan-out', resources.fanOutQueueUrl),
    source('deliver', resources.deliveryQueueUrl),
    source('presence', resources.presenceQueueUrl),
    ...(data === undefined
      ? []
      : [
          source('schedule', data.scheduleQueueUrl),
          source('push', data.pushQueueUrl),
          source('trail', data.trailQueueUrl),
        ]),
  ];
  const eachMinute =
    data &&
    minutes &&
    setInterval(() => {
      for (const name of ['schedule', 'push'] as const) {
        invoke(name)(MINUTE).catch(error =>
          logger.warn('minute.failed', { function: name, cause: causeOf(error) }),
        );
      }
    }, MINUTE_MS);

  return {
    url,
    secret,
    resources,
    invoke: (name, event) => invoke(name)(event),
    stop: async () => {
      if (eachMinute) clearInterval(eachMinute);
      await server.stopAccepting(STOP_BUDGET_MS);
      await within(STOP_BUDGET_MS, Promise.all(sources.map(each => each.stop())));
      await within(STOP_BUDGET_MS, gateway.shutdown());
      gateway.terminate();
      server.destroy();
      client.destroy();
      await Promise.all([...hosts.values()].map(host => host.stop()));
    },
  };
};
