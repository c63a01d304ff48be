import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { signToken } from '../adapters/jose/token-signer.ts';
import type { Config } from '../composition/config.ts';
import { loadConfig } from '../composition/config.ts';
import { ConfigError } from '../composition/config-error.ts';
import type { LocalServer } from '../composition/local-server.ts';
import { stateFolder } from '../composition/secret.ts';
import { VERSION } from '../composition/version.ts';
import { CliError, EXIT } from './exit.ts';
import { explainStorage } from './storage.ts';
import { runningServer, serverFile } from './target.ts';

const PRINTED_TOKEN_MS = 12 * 60 * 60_000;
/** A stop that takes longer than this is ended, so that the process is gone within 5 s. */
const STOP_BUDGET_MS = 4_500;

/** The system's words for a host that cannot be bound to, as an address and as a name. */
const NO_SUCH_HOST: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN']);

interface DevOptions {
  readonly port?: string;
  readonly host?: string;
  readonly quotas?: string;
  readonly aws?: string;
  readonly data?: string;
}

export const devCommand = (): Command =>
  new Command('dev')
    .description('Start the server: sockets, HTTP API, management API and the console on one port.')
    .option('-p, --port <port>', 'port to listen on; 0 lets the system choose (FANFARE_PORT, default 8080)')
    .option('--host <address>', 'address to bind to (FANFARE_HOST, default 127.0.0.1)')
    .addOption(
      new Option(
        '--quotas <which>',
        "whose limits the sockets live under: API Gateway's, or next to none",
      ).choices(['aws', 'none']),
    )
    .option('--data <folder>', 'keep messages, inboxes and keys there (FANFARE_DATA); in memory without it')
    .option(
      '--aws <url>',
      "run the functions that AWS runs, on an emulator's DynamoDB, SNS and SQS (after npm run build)",
    )
    .action(dev);

const dev = async (options: DevOptions): Promise<void> => {
  if (options.aws !== undefined && options.data !== undefined)
    throw new CliError('--data: expected without --aws, whose tables keep the data', EXIT.usage);
  const config = configure(options);
  const folder = stateFolder(process.env);
  const server = await start(config, folder, options.aws).catch(explainPort(config));
  stopOnSignal(server, folder);
  remember(server, folder);
  await announce(server, config);
};

const start = async (config: Config, folder: string, aws: string | undefined): Promise<LocalServer> => {
  if (aws === undefined) {
    const { startLocalServer } = await import('../composition/local-server.ts');
    return startLocalServer(config, folder).catch(explainStorage);
  }
  if (!URL.canParse(aws) || !/^https?:$/.test(new URL(aws).protocol)) {
    throw new CliError(`--aws: expected an http or https URL, found ${JSON.stringify(aws)}`, EXIT.usage);
  }
  const { startEmulatedServer } = await import('../composition/emulated-server.ts');
  return startEmulatedServer(config, folder, { endpoint: aws, prefix: 'fanfare-dev' }).catch(error => {
    const { code, message } = error as NodeJS.ErrnoException;
    const ofTheEmulator = '$metadata' in (error as object); // as AWS's SDK marks its errors
    if (code !== undefined && !ofTheEmulator) throw error;
    throw new CliError(`--aws ${aws}: ${message || code}`, EXIT.failed);
  });
};

/** Options win over the environment; what is wrong with one is told by its own name. */
const configure = ({ port, host, quotas, data }: DevOptions): Config => {
  const given = { FANFARE_PORT: port, FANFARE_HOST: host, FANFARE_QUOTAS: quotas, FANFARE_DATA: data };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  try {
    return loadConfig({ ...process.env, ...set });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const asOption = (problem: string): string =>
      Object.keys(set).reduce(
        (text, name) => text.replace(name, `--${name.slice(8).toLowerCase()}`),
        problem,
      );
    throw new ConfigError(error.problems.map(asOption));
  }
};

const explainPort =
  ({ host, port }: Config) =>
  (error: unknown): never => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      const hint = 'choose another with --port, or end what listens there';
      throw new CliError(`port ${port} on ${host} is taken; ${hint}`, EXIT.failed);
    }
    if (code === 'EACCES')
      throw new CliError(`port ${port} may not be opened by this user; try one above 1023`, EXIT.failed);
    if (code !== undefined && NO_SUCH_HOST.has(code))
      throw new CliError(`${host} is no address of this machine`, EXIT.usage);
    throw error;
  };

const announce = async ({ url, secret }: LocalServer, config: Config): Promise<void> => {
  const lines = [
    `Fanfare ${VERSION}`,
    '',
    `  page    ${url}/`,
    `  socket  ${url.replace(/^http/, 'ws')}/ws`,
    `  API     ${url}/v1   (${url}/openapi.json)`,
  ];
  if (secret !== undefined && !config.production) {
    const { issuer, audience } = config.auth;
    const request = {
      user: 'admin',
      admin: true,
      allow: {},
      expiresInMs: PRINTED_TOKEN_MS,
      issuer,
      audience,
    };
    lines.push(
      `  token   ${await signToken(secret.value, request, Date.now())}`,
      '          (admin, for 12 hours)',
    );
  }
  if (secret?.created)
    lines.push('', `A secret was made and is kept in ${secret.file}; only you can read it.`);
  lines.push('', 'In another terminal:  npx fanfare notify user:alice --title Shipped', '');
  console.log(lines.join('\n'));
};

/** Lets the other commands find this server without being told. */
const remember = ({ url }: LocalServer, folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(serverFile(folder), JSON.stringify({ url, pid: process.pid }), { mode: 0o600 });
  } catch (error) {
    console.error(`fanfare: other commands will need --url ${url}; ${(error as Error).message}`);
  }
};

/** Unless a server that was started later is the one to be found. */
const forget = (folder: string): void => {
  if (runningServer(folder)?.pid === process.pid) rmSync(serverFile(folder), { force: true });
};

const stopOnSignal = (server: LocalServer, folder: string): void => {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return; // Ctrl-C under npm comes twice: from the terminal, and passed on by npm
    stopping = true;
    setTimeout(() => process.exit(EXIT.done), STOP_BUDGET_MS).unref();
    forget(folder);
    server.stop().then(
      () => process.exit(EXIT.done),
      error => {
        console.error(error);
        process.exit(EXIT.failed);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};
