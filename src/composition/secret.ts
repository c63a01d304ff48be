import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';

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
 * @throws ConfigError when others may read the file, it holds no secret, or none can be kept there
 */
export const resolveSecret = (config: Config, folder: string): Secret => {
  const { secret, secretFile } = config.auth;
  if (secret !== undefined) return { value: secret, created: false };
  const file = secretFile ?? join(folder, 'secret');
  const created = !config.production && create(file);
  return { value: read(file), file, created };
};

/** The secret appears whole or not at all, so that who looks at the same moment never finds an empty file. */
const create = (file: string): boolean => {
  if (existsSync(file)) return false;
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    return publish(draft, file);
  } catch (error) {
    throw problem(file, `a path where a secret can be kept; ${(error as Error).message}`);
  }
};

/** @returns whether the name was still free */
const publish = (draft: string, file: string): boolean => {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
};

const read = (file: string): string => {
  let value: string;
  let mode: number;
  try {
    mode = statSync(file).mode & 0o777;
    value = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw problem(file, `a file that can be read; ${(error as Error).message}`);
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw problem(
      file,
      `a file that only its owner may read (chmod 600), found mode 0${mode.toString(8).padStart(3, '0')}`,
    );
  }
  if (value.length < MIN_SECRET_CHARACTERS) {
    throw problem(file, `at least ${MIN_SECRET_CHARACTERS} characters, found ${value.length}`);
  }
  return value;
};

const problem = (file: string, expected: string): ConfigError =>
  new ConfigError([`FANFARE_SECRET_FILE: ${file}: expected ${expected}`]);
