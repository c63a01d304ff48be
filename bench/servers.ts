import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import type { Conversation } from './load/subscriber.ts';

/** A server under test: how to start it, to publish to it, to subscribe to it. Every scenario runs over all of them. */
export interface Server {
  readonly name: string;
  /** What follows `node`. */
  readonly command: (port: number) => readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly publish: {
    readonly path: string;
    readonly headers: readonly string[];
    /** @param data a JSON object: what is to reach every subscriber */
    readonly body: (data: string) => string;
  };
  readonly conversation: Conversation;
}

export interface ServerOptions {
  /** How many users the subscribers are, in turn, where a server knows users. */
  readonly users: number;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const json = 'Content-Type: application/json';

const fanfare = async ({ users: count }: ServerOptions): Promise<Server> => {
  const secret = randomBytes(32).toString('hex');
  // A folder of its own, so that the command goes on finding the server that a developer has running.
  // The producers are meant to send as fast as they can.
  const unlimited = { FANFARE_FRAMES_PER_SECOND: '1000000', FANFARE_FRAMES_BURST: '1000000' };
  const env = { ...process.env, ...unlimited, FANFARE_SECRET: secret, XDG_STATE_HOME: here('results/state') };
  const command = here('../bin/fanfare.js');
  const token = async (...args: string[]) =>
    (await promisify(execFile)(process.execPath, [command, 'token', ...args], { env })).stdout.trim();
  const admin = await token('--user', 'bench', '--admin');
  const allowed = await token('--user', 'u0', '--allow', 'room:*=subscribe,publish,history');
  const users = await forManyUsers(allowed, secret, count);
  return {
    name: 'fanfare',
    // As `npm start` and the command's first line start it.
    command: port => ['--max-semi-space-size=16', command, 'dev', '--port', String(port), '--quotas', 'none'],
    env,
    publish: {
      path: '/v1/notifications',
      headers: [json, `Authorization: Bearer ${admin}`],
      body: data => `{"to":["room:bench"],"title":"bench","data":${data}}`,
    },
    conversation: {
      path: '/ws',
      protocols: subscriber => `fanfare.v1, bearer.${users[subscriber % users.length]}`,
      opening: '{"action":"subscribe","id":"1","channel":"room:bench"}',
      answer: text => (text.startsWith('{"type":"subscribed"') ? 'subscribed' : undefined),
    },
  };
};

/** A start of the command for each would take longer than the benchmark: the first token, signed again for the rest. */
const forManyUsers = async (token: string, secret: string, count: number): Promise<string[]> => {
  const { alg = 'HS256', ...header } = decodeProtectedHeader(token);
  const claims = decodeJwt(token);
  const sign = (user: string) =>
    new SignJWT({ ...claims, sub: user })
      .setProtectedHeader({ ...header, alg })
      .sign(new TextEncoder().encode(secret));
  return await Promise.all(Array.from({ length: count }, (_, i) => sign(`u${i}`)));
};

const peer = (name: string, file: string, conversation: Conversation) => async (): Promise<Server> => ({
  name,
  command: port => [here(file), String(port)],
  env: process.env,
  publish: { path: '/publish', headers: [json], body: data => data },
  conversation,
});

/** By the name that `--servers` takes. */
export const servers = {
  fanfare,
  ws: peer('ws', 'peers/ws.ts', {
    path: '/',
    opening: 'subscribe',
    answer: text => (text === 'subscribed' ? 'subscribed' : undefined),
  }),
  'socket.io': peer('socket.io', 'peers/socket-io.ts', {
    path: '/socket.io/?EIO=4&transport=websocket',
    // Engine.IO 4 and Socket.IO 5: 0 open, 40 connect, 420 an event that wants answer 0, 430 that answer, 2 ping, 3 pong.
    answer: text => {
      if (text.startsWith('0{')) return { say: '40' };
      if (text.startsWith('40{')) return { say: '420["subscribe","bench"]' };
      if (text === '430[]') return 'subscribed';
      return text === '2' ? { say: '3' } : undefined;
    },
  }),
} satisfies Record<string, (options: ServerOptions) => Promise<Server>>;

/** Not a server anyone would use: it writes frames in bulk, to see how many the load process can take. */
export const flood = peer('flood', 'peers/flood.ts', {
  path: '/',
  opening: 'subscribe',
  answer: text => (text === 'subscribed' ? 'subscribed' : undefined),
});
