/**
 * `npm run example -- chat`: a Fanfare server, and the example's page and its own little server beside it.
 *
 * Your application has these three as well: pages that use `fanfare/client`, a server of yours that knows who its users
 * are and makes their tokens, and Fanfare.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { registerHooks } from 'node:module';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { signToken } from '../src/adapters/jose/token-signer.ts';
import { loadConfig } from '../src/composition/config.ts';
import { startLocalServer } from '../src/composition/local-server.ts';
import type { Action } from '../src/domain/identity.ts';

const EXAMPLES = ['chat', 'order-tracking', 'live-scores'];
const HOUR_MS = 3_600_000;

export type Allow = Readonly<Record<string, readonly Action[]>>;

/** What an example's server needs to know of Fanfare. */
export interface FanfareServer {
  readonly url: string;
  readonly socketUrl: string;
  readonly adminToken: string;
  /** For one of your users, for an hour. */
  token(user: string, allow: Allow): Promise<string>;
}

/** By method and path; JSON in, JSON out. */
export type Api = Readonly<Record<string, (body: Readonly<Record<string, string>>) => Promise<unknown>>>;

interface Example {
  /** See FANFARE_CHANNELS. */
  readonly channels?: readonly object[];
  readonly api: (fanfare: FanfareServer) => Api;
}

/** In the repository, `fanfare/client` is its source. */
const client = new URL('../src/client/index.ts', import.meta.url);
registerHooks({
  resolve: (name, context, next) =>
    name === 'fanfare/client' ? { url: client.href, shortCircuit: true } : next(name, context),
});

const [name = '', port = '3000'] = process.argv.slice(2);
if (!EXAMPLES.includes(name)) {
  console.error(`npm run example -- ${EXAMPLES.join(' | ')}  [port]`);
  process.exit(2);
}
const example = (await import(`./${name}/server.ts`)) as Example;

const secret = randomBytes(32).toString('hex');
const { url, stop } = await startLocalServer(
  loadConfig({
    FANFARE_SECRET: secret,
    FANFARE_PORT: '0',
    FANFARE_CHANNELS: JSON.stringify(example.channels ?? []),
  }),
  '/nowhere',
);
const sign = (user: string, admin: boolean, allow: Allow) =>
  signToken(secret, { user, admin, allow, expiresInMs: HOUR_MS }, Date.now());
const api = example.api({
  url,
  socketUrl: `${url.replace('http', 'ws')}/ws`,
  adminToken: await sign('example', true, {}),
  token: (user, allow) => sign(user, false, allow),
});

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const action = api[`${request.method} ${request.url}`];
  response.setHeader('content-type', 'application/json');
  try {
    const body = JSON.parse((await text(request)) || '{}');
    response.statusCode = action === undefined ? 404 : 200;
    response.end(JSON.stringify((await action?.(body)) ?? {}));
  } catch (error) {
    response.statusCode = 400;
    response.end(JSON.stringify({ error: (error as Error).message }));
  }
};

const pages = await createServer({
  root: fileURLToPath(new URL(`./${name}`, import.meta.url)),
  configFile: false,
  logLevel: 'error',
  server: { port: Number(port), host: '127.0.0.1', fs: { strict: false } },
  resolve: { alias: { 'fanfare/client': fileURLToPath(client) } },
  plugins: [
    {
      name: 'api',
      configureServer: ({ middlewares }) => {
        middlewares.use((request, response, next) =>
          request.url?.startsWith('/api/') ? void answer(request, response) : next(),
        );
      },
    },
  ],
});
await pages.listen();
const address = pages.httpServer?.address() as AddressInfo;
console.log(`${name}: http://127.0.0.1:${address.port}/   (Ctrl-C ends it)`);

const end = (): void => {
  void Promise.all([pages.close(), stop()]).finally(() => process.exit(0));
};
process.once('SIGINT', end);
process.once('SIGTERM', end);
