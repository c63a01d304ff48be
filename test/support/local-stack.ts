import { signToken } from '../../src/adapters/jose/token-signer.ts';
import { loadConfig } from '../../src/composition/config.ts';
import { startLocalServer } from '../../src/composition/local-server.ts';
import type { Action } from '../../src/domain/identity.ts';
import { FanfareSocket } from './fanfare-socket.ts';

const SECRET = 'a secret that only this test run knows about';
const HOUR_MS = 3_600_000;

export interface TokenOptions {
  readonly admin?: boolean;
  readonly allow?: Readonly<Record<string, readonly Action[]>>;
  readonly expiresInMs?: number;
}

/** The local composition as users start it, on a port of the system's choice. */
export const aLocalStack = async (env: Readonly<Record<string, string>> = {}) => {
  const config = loadConfig({
    FANFARE_SECRET: SECRET,
    FANFARE_PORT: '0',
    FANFARE_LOG_LEVEL: 'silent',
    ...env,
  });
  const server = await startLocalServer(config, '/nowhere');
  const sockets: FanfareSocket[] = [];

  const token = (user: string, { admin = false, allow = {}, expiresInMs = HOUR_MS }: TokenOptions = {}) =>
    signToken(SECRET, { user, admin, allow, expiresInMs }, Date.now());
  const adminToken = await token('shop', { admin: true });

  return {
    ...server,
    token,
    /** Opens a socket as a user, and waits until it is open. */
    connect: async (user: string, options?: TokenOptions): Promise<FanfareSocket> => {
      const socket = await FanfareSocket.open(server.url, await token(user, options));
      sockets.push(socket);
      return socket;
    },
    /** As an admin, unless the headers say otherwise. */
    post: (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      fetch(server.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body),
      }),
    get: async (path: string, bearer = adminToken): Promise<Response> =>
      fetch(server.url + path, { headers: { authorization: `Bearer ${bearer}` } }),
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.kill();
      await server.stop();
    },
  };
};

export type LocalStack = Awaited<ReturnType<typeof aLocalStack>>;
