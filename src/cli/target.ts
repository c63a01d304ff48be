import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod';
import { signToken } from '../adapters/jose/token-signer.ts';
import { isLoopback } from '../adapters/local/loopback.ts';
import { loadConfig } from '../composition/config.ts';
import { resolveSecret, stateFolder } from '../composition/secret.ts';
import { CliError, EXIT } from './exit.ts';

/** Where a running dev server leaves its address. */
export const serverFile = (folder: string): string => join(folder, 'dev-server.json');

const serverAddress = z.object({ url: z.url({ protocol: /^https?$/ }), pid: z.int() });

const DEFAULT_URL = 'http://127.0.0.1:8080';
const OWN_TOKEN_MS = 60 * 60_000;

export interface TargetOptions {
  readonly url?: string;
  readonly socketUrl?: string;
  readonly token?: string;
}

export interface Target {
  /** Without a slash at its end. */
  readonly url: string;
  /** With its path. */
  readonly socketUrl: string;
  readonly token: string;
}

export const withTarget = (command: Command): Command =>
  command
    .option(
      '--url <url>',
      'the deployment to talk to (FANFARE_URL; the dev server on this machine without it)',
    )
    .option('--socket-url <url>', 'where its sockets are (FANFARE_SOCKET_URL; /ws of --url without it)')
    .option('--token <jwt>', "a token for it (FANFARE_TOKEN; made from this machine's secret without it)");

/** Which deployment a command means, and with what token. */
export const findTarget = async (options: TargetOptions): Promise<Target> => {
  const config = loadConfig({ ...process.env, NODE_ENV: undefined }); // a client in production needs no secret
  const folder = stateFolder(process.env);
  const url = new URL(
    options.url === undefined ? (config.client.url ?? devServerUrl(folder)) : parseUrl(options.url),
  );
  const base = url.href.replace(/\/+$/, '');
  const sockets = new URL(
    socketUrlOf(options, config.client.socketUrl) ?? `${base.replace(/^http/, 'ws')}/ws`,
  );
  const where = { url: base, socketUrl: sockets.href };
  const token = options.token ?? config.client.token;
  if (token !== undefined) return { ...where, token };
  const abroad = [url, sockets].find(({ hostname }) => !isLoopback(hostname));
  if (abroad !== undefined) {
    const named = abroad === url ? base : sockets.href;
    throw new CliError(`a token for ${named} is needed: --token or FANFARE_TOKEN`, EXIT.usage);
  }
  const { issuer, audience } = config.auth;
  const secret = resolveSecret(loadConfig(process.env), folder).value;
  const request = { user: 'admin', admin: true, allow: {}, expiresInMs: OWN_TOKEN_MS, issuer, audience };
  return { ...where, token: await signToken(secret, request, Date.now()) };
};

/** The environment's belongs to the environment's deployment, and not to one that an option names. */
const socketUrlOf = ({ url, socketUrl }: TargetOptions, configured: URL | undefined): string | undefined => {
  if (socketUrl === undefined) return url === undefined ? configured?.href : undefined;
  if (URL.canParse(socketUrl) && /^wss?:$/.test(new URL(socketUrl).protocol)) return socketUrl;
  throw new CliError(
    `--socket-url: expected a ws or wss URL, found ${JSON.stringify(socketUrl)}`,
    EXIT.usage,
  );
};

const parseUrl = (text: string): string => {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new CliError(`--url: expected an http or https URL, found ${JSON.stringify(text)}`, EXIT.usage);
};

/** The dev server that was started last and has not been stopped. */
export const runningServer = (folder: string): z.output<typeof serverAddress> | undefined => {
  try {
    return serverAddress.parse(JSON.parse(readFileSync(serverFile(folder), 'utf8')));
  } catch {
    return undefined; // none has run, or it ended
  }
};

/** Where none is known, the address that one would have is as good a guess as any. */
const devServerUrl = (folder: string): string => runningServer(folder)?.url ?? DEFAULT_URL;

export const unreachable = (url: string, cause: unknown): CliError => {
  const { code } = ((cause as Error).cause ?? cause) as { readonly code?: unknown };
  const hint = isLoopback(new URL(url).hostname) ? '; start one with fanfare dev' : '';
  return new CliError(
    `no server answers at ${url} (${typeof code === 'string' ? code : (cause as Error).message})${hint}`,
    EXIT.unreachable,
  );
};

export const tokenRefused = (url: string, detail: string): CliError =>
  new CliError(`${url} refused the token: ${detail}`, EXIT.refused);
