import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from './config.ts';
import { ConfigError } from './config.ts';

const SECRET_BYTES = 32;
const MIN_SECRET_CHARACTERS = 32;

export interface Secret {
  readonly value: string;
  /** Where it is kept, when not in the environment. */
  readonly file?: string;
  /** Whether it was made just now. */
  readonly created: boolean;
}

/** Where a developer's machine keeps what the server and the command share (XDG Base Directory: state). */
export const stateFolder = (env: Readonly<Record<string, string | undefined>>): string =>
  join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'fanfare');

/**
 * The secret that signs and verifies tokens: the configured one, or one made at the first need and kept in a file that
 * only its owner may read.
 *
 * @throws ConfigError when others may read the file, or it holds no secret
 */
export const resolveSecret = (config: Config, folder: string): Secret => {
  const { secret, secretFile } = config.auth;
  if (secret !== undefined) return { value: secret, created: false };
  const file = secretFile ?? join(folder, 'secret');
  const created = !config.production && create(file);
  return { value: read(file), file, created };
};

const create = (file: string): boolean => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const read = (file: string): string => {
  const problem = (expected: string): ConfigError =>
    new ConfigError([`FANFARE_SECRET_FILE: ${file}: ${expected}`]);
  let value: string;
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      throw problem('expected a file that only its owner may read (chmod 600)');
    }
    value = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw problem(`expected a file that can be read; ${(error as Error).message}`);
  }
  if (value.length < MIN_SECRET_CHARACTERS)
    throw problem(`expected at least ${MIN_SECRET_CHARACTERS} characters`);
  return value;
};
