import { Command } from 'commander';
import { signToken } from '../adapters/jose/token-signer.ts';
import { loadConfig } from '../composition/config.ts';
import { resolveSecret, stateFolder } from '../composition/secret.ts';
import type { Action } from '../domain/identity.ts';
import { isName } from '../domain/ids.ts';
import { parseDuration } from './duration.ts';
import { CliError, EXIT } from './exit.ts';

const ACTIONS: readonly string[] = [
  'subscribe',
  'publish',
  'presence',
  'history',
] satisfies readonly Action[];

interface TokenOptions {
  readonly user?: string;
  readonly admin?: boolean;
  readonly allow: readonly string[];
  readonly expires: string;
}

export const tokenCommand = (): Command =>
  new Command('token')
    .description(
      'Print a token, and nothing else. It is signed with FANFARE_SECRET, or with the secret of this machine.',
    )
    .option('-u, --user <id>', 'whose token it is (with --admin, "admin" without it)')
    .option('--allow <pattern=actions>', 'what it allows on which channels; repeatable', collect, [])
    .option('--admin', 'allow everything, for every user')
    .option('--expires <duration>', 'how long it holds: 90s, 15m, 1h, 7d', '1h')
    .addHelpText(
      'after',
      `
Everyone may follow and read their own user:<id> and broadcast. Beyond that, --allow names a
channel, or a prefix that ends in *, and any of ${ACTIONS.join(', ')}:

  $ fanfare token --user alice --allow 'room:*=subscribe,publish' --allow topic:news=subscribe
  $ export FANFARE_TOKEN=$(fanfare token --admin)`,
    )
    .action(printToken);

const printToken = async (options: TokenOptions): Promise<void> => {
  const user = options.user ?? (options.admin ? 'admin' : undefined);
  if (user === undefined) throw new CliError('--user: expected whose token it is', EXIT.usage);
  if (!isName(user)) {
    const found = JSON.stringify(user);
    throw new CliError(`--user: expected 1 to 128 of A-Z a-z 0-9 . _ @ + = -; found ${found}`, EXIT.usage);
  }
  const request = {
    user,
    admin: options.admin ?? false,
    allow: merge(options.allow.map(parseAllow)),
    expiresInMs: parseDuration('--expires', options.expires),
  };
  const config = loadConfig(process.env);
  if (config.auth.jwksUrl !== undefined) {
    throw new CliError('FANFARE_JWKS_URL is set: tokens come from your identity provider', EXIT.usage);
  }
  const { issuer, audience } = config.auth;
  const secret = resolveSecret(config, stateFolder(process.env));
  if (secret.created) console.error(`A secret was made and is kept in ${secret.file}; only you can read it.`);
  console.log(await signToken(secret.value, { ...request, issuer, audience }, Date.now()));
};

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

const parseAllow = (text: string): [string, readonly Action[]] => {
  const [, pattern, list] = /^([^\s=][^\s]*?)=([a-z,]+)$/.exec(text) ?? [];
  const actions = list?.split(',') ?? [];
  const unknown = actions.find(action => !ACTIONS.includes(action));
  if (pattern === undefined || unknown !== undefined) {
    const what = `a pattern, = and any of ${ACTIONS.join(',')}, such as 'room:*=subscribe,publish'`;
    throw new CliError(`--allow: expected ${what}; found ${JSON.stringify(text)}`, EXIT.usage);
  }
  return [pattern, actions as Action[]];
};

/** A pattern that is given twice allows what both say. */
const merge = (rights: readonly [string, readonly Action[]][]): Record<string, readonly Action[]> => {
  const merged = new Map<string, Set<Action>>();
  for (const [pattern, actions] of rights) {
    merged.set(pattern, new Set([...(merged.get(pattern) ?? []), ...actions]));
  }
  return Object.fromEntries([...merged].map(([pattern, actions]) => [pattern, [...actions]]));
};
