import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { orNaN } from './core-usage.ts';
import { pinTo, SERVER_CORE } from './machine.ts';
import type { Server } from './servers.ts';

/** What it takes to start one. */
export type Startable = Pick<Server, 'name' | 'command' | 'env'>;

/** Where logs and profiles go; git ignores it. */
export const RESULTS = fileURLToPath(new URL('results/', import.meta.url));
const READY_MS = 15_000;
const EXIT_MS = 10_000;

/** What a benchmark that fails must not leave behind. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A server under test in its own process, alone on its core. */
export class ServerProcess<Kind extends Startable = Server> {
  readonly server: Kind;
  readonly port: number;
  readonly pid: number;
  readonly #child: ChildProcess;

  private constructor(server: Kind, port: number, child: ChildProcess) {
    if (child.pid === undefined) throw new Error(`${server.name} did not start`);
    this.server = server;
    this.port = port;
    this.#child = child;
    this.pid = child.pid;
  }

  /**
   * @param profile the name of a CPU profile to write at the end
   * @returns once `GET /health` answers 200
   */
  static async start<Kind extends Startable>(server: Kind, profile?: string): Promise<ServerProcess<Kind>> {
    mkdirSync(RESULTS, { recursive: true });
    const port = await freePort();
    const node =
      profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${RESULTS}`, `--cpu-prof-name=${profile}`];
    const [command, ...args] = [...pinTo(SERVER_CORE), process.execPath, ...node, ...server.command(port)];
    const log = openSync(`${RESULTS}${server.name}.log`, 'w');
    const child = spawn(command as string, args, { env: server.env, stdio: ['ignore', log, log] });
    closeSync(log);
    children.add(child);
    child.once('exit', () => children.delete(child));
    const running = new ServerProcess(server, port, child);
    try {
      await running.#ready();
    } catch (cause) {
      await running.stop();
      throw new Error(`${server.name} did not start; see bench/results/${server.name}.log`, { cause });
    }
    return running;
  }

  /** KB of resident memory; NaN where there is no /proc. */
  residentKb(): number {
    return orNaN(() => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]));
  }

  /** Asks it to end, so that a profile is written, and insists after a while. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const insist = setTimeout(() => this.#child.kill('SIGKILL'), EXIT_MS);
    await ended;
    clearTimeout(insist);
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + READY_MS;
    while (performance.now() < deadline && !this.#ended) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/health`).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.status === 200) return;
      await sleep(50);
    }
    throw new Error(this.#ended ? 'it ended' : `no answer to GET /health within ${READY_MS} ms`);
  }
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};
