import { isIP } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { Valkey } from 'iovalkey';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { Logger } from '../../ports/logger.ts';

export interface ValkeyOptions {
  /** `valkey://user:password@host:6379/0`; `valkeys:` speaks TLS. Also `redis:` and `rediss:`. */
  readonly url: URL;
  readonly ids: IdGenerator;
  readonly logger: Logger;
  /** Nobody waits longer for an answer, in ms; {@link VALKEY_BUDGET_MS} when absent. */
  readonly budgetMs?: number;
  /** Who may sign the server's certificate, in PEM; the system's authorities when absent. */
  readonly ca?: SecureContextOptions['ca'];
}

/** What is asked for here can be done without. */
const VALKEY_BUDGET_MS = 50;
/** A connection on which nothing has come for so long, though something was asked, is made anew. */
const SILENT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 3_000;
const FIRST_RETRY_MS = 50;
/** How long after its return the server is noticed, at most. */
const LONGEST_RETRY_MS = 2_000;

/**
 * A connection that is kept up in the background. What is asked while there is none fails at once, and nothing is asked
 * twice. That it was lost is logged once, with the cause, and that it is back. Where the server has no database of the
 * URL's number, which is any but 0 in cluster mode, the connection ends for good: database 0 may be another deployment's.
 */
export const openValkey = ({ url, ids, logger, budgetMs = VALKEY_BUDGET_MS, ca }: ValkeyOptions): Valkey => {
  const { hostname, port, username, password, pathname } = url;
  const host = hostname.replace(/^\[|\]$/g, '');
  const client = new Valkey({
    host,
    port: port === '' ? 6_379 : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    db: pathname.length > 1 ? Number(pathname.slice(1)) : 0,
    ...(isPrivate(url) ? { tls: { ca, ...(isIP(host) === 0 ? { servername: host } : {}) } } : {}),
    connectionName: 'fanfare',
    commandTimeout: budgetMs,
    socketTimeout: SILENT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: attempt => retryDelay(attempt, ids.random()),
  });
  let told = false;
  let refused = false;
  client.on('error', (error: Error) => {
    if (isOfSelect(error)) {
      refused = true;
      client.disconnect();
    }
    if (told) return;
    told = true;
    logger.warn('valkey.lost', { host, cause: error.message });
  });
  client.on('ready', () => {
    if (refused) return;
    told = false;
    logger.info('valkey.ready', { host });
  });
  return client;
};

/** Waits for the first connection, since what is asked before fails; but no longer than `withinMs`. */
export const whenReady = (client: Valkey, withinMs: number): Promise<void> =>
  new Promise(resolve => {
    if (client.status === 'ready') return resolve();
    const timer = setTimeout(resolve, withinMs);
    client.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Whether nobody on the way can read along. */
export const isPrivate = ({ protocol }: URL): boolean => protocol === 'valkeys:' || protocol === 'rediss:';

const isOfSelect = (error: Error): boolean =>
  'command' in error && (error.command as { readonly name?: string }).name === 'select';

/** Doubled each time, the second half of it by the draw, so that servers do not come back all at once. */
const retryDelay = (attempt: number, draw: number): number => {
  const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 10));
  return (longest / 2) * (1 + draw);
};
