import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BroadcastChannel } from 'node:worker_threads';
import { emulatedEnvironment, synthesize, testEnvironment } from '../../infra/synth.ts';
import { signToken } from '../../src/adapters/jose/token-signer.ts';
import { loadConfig } from '../../src/composition/config.ts';
import { DATA_FUNCTIONS, FUNCTIONS } from '../../src/composition/emulated-aws.ts';
import { startEmulatedServer } from '../../src/composition/emulated-server.ts';
import type { Watched } from './watch-calls.ts';

export interface EmulationOptions {
  /** LocalStack's. */
  readonly endpoint: string;
  readonly prefix: string;
  /** Where posts go; to the local gateway's sockets without it. */
  readonly managementEndpoint?: string;
  /** The dev server's, and so the functions': with a database, there are those that need one. */
  readonly env?: Readonly<Record<string, string>>;
  /** What functions are told besides. */
  readonly functionEnv?: Readonly<Record<string, string>>;
}

const SECRET = 'a secret that only this run knows about';
const HOUR_MS = 3_600_000;

/** The composition on AWS, emulated, with functions that tell of every call that they make. */
export const startWatchedEmulation = async (options: EmulationOptions) => {
  const { endpoint, prefix, managementEndpoint, env, functionEnv } = options;
  const channel = `${prefix}-${crypto.randomUUID()}`;
  const folder = writeWatchedFunctions(channel, managementEndpoint);
  const watching = new BroadcastChannel(channel);
  watching.unref();
  const watched: Watched[] = [];
  watching.onmessage = message => watched.push((message as { readonly data: Watched }).data);
  const config = loadConfig({
    FANFARE_SECRET: SECRET,
    FANFARE_PORT: '0',
    FANFARE_LOG_LEVEL: 'silent',
    FANFARE_QUOTAS: 'none',
    ...env,
  });
  const templates = synthesize(env === undefined ? testEnvironment : emulatedEnvironment);
  const functions = pathToFileURL(`${folder}/`);
  const server = await startEmulatedServer(config, '/nowhere', {
    endpoint,
    prefix,
    templates,
    functions,
    env: functionEnv,
    minutes: false,
  });
  const token = (user: string, admin: boolean) =>
    signToken(SECRET, { user, admin, allow: {}, expiresInMs: HOUR_MS }, Date.now());
  const adminToken = await token('shop', true);

  return {
    url: server.url,
    resources: server.resources,
    token: (user: string) => token(user, false),
    /** What the functions did since this was last called, in the order of being told. */
    taken: (): Watched[] => watched.splice(0),
    /** And so far. */
    watched: watched as readonly Watched[],
    notify: (body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      fetch(`${server.url}/v1/notifications`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    stop: async (): Promise<void> => {
      await server.stop();
      watching.close();
      rmSync(folder, { recursive: true });
    },
  };
};

export type WatchedEmulation = Awaited<ReturnType<typeof startWatchedEmulation>>;

/** In the place of each bundle, a module that watches the function's own sources. */
const writeWatchedFunctions = (channel: string, managementEndpoint: string | undefined): string => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-watched-'));
  const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  for (const name of [...FUNCTIONS, ...DATA_FUNCTIONS]) {
    mkdirSync(join(folder, name));
    const code = [
      `import { watchCalls } from ${source('watch-calls.ts')};`,
      `const watch = watchCalls(${JSON.stringify({ name, channel })});`,
      ...(managementEndpoint === undefined
        ? []
        : [`process.env.FANFARE_MANAGEMENT_ENDPOINT = ${JSON.stringify(managementEndpoint)};`]),
      `const { handler: handle } = await import(${source(`../../src/composition/lambda/${name}.ts`)});`,
      'export const handler = watch(handle);',
    ];
    writeFileSync(join(folder, name, 'index.mjs'), code.join('\n'));
  }
  return folder;
};
