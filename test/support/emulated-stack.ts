import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { synthesize, testEnvironment } from '../../infra/synth.ts';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import { signToken } from '../../src/adapters/jose/token-signer.ts';
import { loadConfig } from '../../src/composition/config.ts';
import type { EmulationOptions } from '../../src/composition/emulated-server.ts';
import { startEmulatedServer } from '../../src/composition/emulated-server.ts';
import type { Action } from '../../src/domain/identity.ts';
import { FanfareSocket } from './fanfare-socket.ts';
import { localStack } from './localstack.ts';

const SECRET = 'a secret that only this test run knows about';
const HOUR_MS = 3_600_000;

type Rights = Readonly<Record<string, readonly Action[]>>;

export interface EmulatedStackOptions extends Pick<EmulationOptions, 'onInvoke'> {
  /** The dev server's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another LocalStack than the one of this run. */
  readonly endpoint?: string;
}

/** The composition on AWS: the functions' bundles behind the local gateway, on stacks of its own in LocalStack. */
export const anEmulatedStack = async (prefix: string, options: EmulatedStackOptions = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-functions-'));
  await bundleFunctions(folder);
  const functions = pathToFileURL(`${folder}/`);
  const config = loadConfig({
    FANFARE_SECRET: SECRET,
    FANFARE_PORT: '0',
    FANFARE_LOG_LEVEL: 'silent',
    ...options.env,
  });
  const { endpoint = localStack().endpoint, onInvoke } = options;
  const templates = synthesize(testEnvironment);
  const emulation = { endpoint, prefix, templates, functions, onInvoke };
  const server = await startEmulatedServer(config, '/nowhere', emulation);
  const sockets: FanfareSocket[] = [];

  const token = (user: string, admin = false, allow: Rights = {}, expiresInMs = HOUR_MS) =>
    signToken(SECRET, { user, admin, allow, expiresInMs }, Date.now());

  return {
    url: server.url,
    resources: server.resources,
    connect: async (user: string, allow?: Rights, expiresInMs?: number): Promise<FanfareSocket> => {
      const socket = await FanfareSocket.open(server.url, await token(user, false, allow, expiresInMs));
      sockets.push(socket);
      return socket;
    },
    notify: async (
      body: object,
      headers: Readonly<Record<string, string>> = {},
      signal?: AbortSignal,
    ): Promise<Response> =>
      fetch(`${server.url}/v1/notifications`, {
        method: 'POST',
        signal,
        headers: {
          authorization: `Bearer ${await token('shop', true)}`,
          'content-type': 'application/json',
          ...headers,
        },
        body: JSON.stringify(body),
      }),
    /** As an admin. */
    get: async (path: string): Promise<Response> =>
      fetch(server.url + path, { headers: { authorization: `Bearer ${await token('shop', true)}` } }),
    /** As an admin. */
    post: async (path: string, body: object): Promise<Response> =>
      fetch(server.url + path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await token('shop', true)}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      }),
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.kill();
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
};

export type EmulatedStack = Awaited<ReturnType<typeof anEmulatedStack>>;
