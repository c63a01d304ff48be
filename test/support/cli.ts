import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

const ROOT = join(import.meta.dirname, '../..');
const COMMAND = join(ROOT, 'bin/fanfare.js');

/** Compiled once for all of them: they begin in half the time. */
const COMPILE_CACHE = join(tmpdir(), 'fanfare-compile-cache');

/** No process of a test outlives this, unless told. */
const LONGEST_LIFE_MS = 40_000;
/** A start takes a second; on a machine that does much else, many. */
const ANNOUNCED_WITHIN_MS = 20_000;

type Env = Readonly<Record<string, string>>;

export interface Outcome {
  /** null where a signal ended it */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of the command, and what it has printed so far. */
export class Running {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Outcome>;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', text => {
      this.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', text => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', code => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** To the process alone. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** To it and all that it started, as a terminal's Ctrl-C; only for what was started as a group. */
  signalGroup(name: NodeJS.Signals): void {
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, name);
  }
}

export interface DevServer {
  readonly process: Running;
  /** As announced, without a slash at its end. */
  readonly url: string;
  readonly socketUrl: string;
  readonly apiUrl: string;
  readonly token: string;
}

/** The real command, as on a machine of its own: a fresh home, and nothing of the environment around the tests. */
export class Cli {
  readonly home = mkdtempSync(join(tmpdir(), 'fanfare-cli-'));
  readonly stateFolder = join(this.home, 'fanfare');
  readonly secretFile = join(this.stateFolder, 'secret');
  readonly #longestLifeMs: number;
  readonly #ends: (() => Promise<unknown>)[] = [];

  /** @param longestLifeMs no process that it starts outlives this */
  constructor({ longestLifeMs = LONGEST_LIFE_MS } = {}) {
    this.#longestLifeMs = longestLifeMs;
  }

  /** Runs to the end. */
  run(args: readonly string[], env: Env = {}): Promise<Outcome> {
    return this.start(args, env).ended;
  }

  start(args: readonly string[], env: Env = {}): Running {
    const child = spawn(process.execPath, [COMMAND, ...args], { ...this.#options(env), cwd: this.home });
    const started = new Running(child);
    this.#ends.push(() => {
      started.signal('SIGKILL');
      return started.ended;
    });
    return started;
  }

  /** `npm start -- …`, as a group of its own, since npm's children must end with it. */
  npmStart(args: readonly string[], env: Env = {}): Running {
    const options = { ...this.#options({ npm_config_update_notifier: 'false', ...env }), cwd: ROOT };
    const started = new Running(spawn('npm', ['start', '--', ...args], { ...options, detached: true }));
    this.#ends.push(async () => {
      if (started.running) started.signalGroup('SIGKILL');
      return started.ended;
    });
    return started;
  }

  /** Starts `fanfare dev` on a free port and waits for what it announces. */
  dev(args: readonly string[] = [], env: Env = {}): Promise<DevServer> {
    return announced(this.start(['dev', '--port', '0', ...args], env));
  }

  async end(): Promise<void> {
    await Promise.all(this.#ends.map(end => end()));
    rmSync(this.home, { recursive: true, force: true });
  }

  #options(env: Env) {
    return {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: this.home,
        XDG_STATE_HOME: this.home,
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
      timeout: this.#longestLifeMs,
      killSignal: 'SIGKILL' as const,
    };
  }
}

/** Waits for page, socket, API and token, or for the end of a server that does not come up. */
export const announced = async (server: Running, withinMs = ANNOUNCED_WITHIN_MS): Promise<DevServer> => {
  const said = (what: string): string => new RegExp(`^  ${what} +(\\S+)`, 'm').exec(server.stdout)?.[1] ?? '';
  await until(() => said('token') !== '' || !server.running, withinMs);
  if (!server.running) throw new Error(`the server ended: ${server.stderr}`);
  const url = said('page').replace(/\/$/, '');
  return { process: server, url, socketUrl: said('socket'), apiUrl: said('API'), token: said('token') };
};

/** A port of 127.0.0.1 where nobody listens. */
export const aFreePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
};

/** The one line that a command that failed has to say; fails where it said more, or anything on stdout. */
export const complaintOf = ({ stdout, stderr }: Outcome): string => {
  const [line, ...rest] = stderr.split('\n');
  if (stdout === '' && rest.length === 1 && rest[0] === '') return line ?? '';
  throw new Error(
    `expected one line on stderr and nothing on stdout, found ${JSON.stringify({ stdout, stderr })}`,
  );
};
