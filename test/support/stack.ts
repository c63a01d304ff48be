import { signToken } from '../../src/adapters/jose/token-signer.ts';
import type { Action } from '../../src/domain/identity.ts';
import { FanfareSocket } from './fanfare-socket.ts';

/** Every stack of a test signs with it. */
export const SECRET = 'a secret that only this test run knows about';
const HOUR_MS = 3_600_000;

export interface TokenOptions {
  readonly admin?: boolean;
  readonly allow?: Readonly<Record<string, readonly Action[]>>;
  readonly expiresInMs?: number;
}

type Headers = Readonly<Record<string, string>>;

export interface Asked {
  /** A user; an admin without one. */
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Headers;
}

/** What a test does to a running server, whatever is behind it. */
export const aStackOn = async (server: { readonly url: string; stop(): Promise<void> }) => {
  const sockets: FanfareSocket[] = [];
  const token = (user: string, { admin = false, allow = {}, expiresInMs = HOUR_MS }: TokenOptions = {}) =>
    signToken(SECRET, { user, admin, allow, expiresInMs }, Date.now());
  const adminToken = await token('shop', { admin: true });
  const ask = async (method: string, path: string, { as, body, headers }: Asked = {}): Promise<Response> => {
    const authorization = `Bearer ${as === undefined ? adminToken : await token(as)}`;
    return fetch(server.url + path, {
      method,
      headers: {
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };

  return {
    ...server,
    token,
    /** Opens a socket as a user, and waits until it is open. */
    connect: async (user: string, options?: TokenOptions): Promise<FanfareSocket> => {
      const socket = await FanfareSocket.open(server.url, await token(user, options));
      sockets.push(socket);
      return socket;
    },
    ask,
    /** Asks as a user. */
    call: (as: string, method: string, path: string, body?: object): Promise<Response> =>
      ask(method, path, { as, body }),
    /** As an admin, unless the headers say otherwise. */
    post: (path: string, body: unknown, headers: Headers = {}, signal?: AbortSignal): Promise<Response> =>
      fetch(server.url + path, {
        method: 'POST',
        signal,
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body),
      }),
    get: (path: string, bearer = adminToken): Promise<Response> =>
      fetch(server.url + path, { headers: { authorization: `Bearer ${bearer}` } }),
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.kill();
      await server.stop();
    },
  };
};

export type Stack = Awaited<ReturnType<typeof aStackOn>>;
