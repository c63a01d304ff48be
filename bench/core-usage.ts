import { readdirSync, readFileSync } from 'node:fs';
import { LOAD_CORE, SERVER_CORE } from './machine.ts';
import type { Metric } from './scenarios/scenario.ts';

/** What `CoreUsage.stop` measures, in its order: who used the two cores. */
export const CORE_METRICS: readonly Metric[] = [
  { name: 'server core: server, %', detail: true },
  { name: 'server core: others, %', detail: true },
  { name: 'load core: load, %', detail: true },
  { name: 'load core: others, %', detail: true },
];

/**
 * Who used the cores between `new` and `stop`. A server close to 100 % was the limit; a load close to 100 % may have
 * been; and where others took more than a few per cent, the run was disturbed. NaN where there is no /proc.
 */
export class CoreUsage {
  readonly #pid: number;
  readonly #before: Reading;

  /** @param pid the server's */
  constructor(pid: number) {
    this.#pid = pid;
    this.#before = read(pid);
  }

  /** @returns processor time of the server in ms, and the values of CORE_METRICS */
  stop(): { readonly serverMs: number; readonly values: readonly number[] } {
    const before = this.#before;
    const after = read(this.#pid);
    const elapsed = after.at - before.at;
    const percent = (ms: number) => (ms / elapsed) * 100;
    const server = after.server - before.server;
    const load = after.load - before.load;
    const others = (core: number, ours: number) => Math.max(0, percent(core - ours));
    return {
      serverMs: server,
      values: [
        percent(server),
        others(after.serverCore - before.serverCore, server),
        percent(load),
        others(after.loadCore - before.loadCore, load),
      ],
    };
  }
}

/** All in ms. */
interface Reading {
  readonly at: number;
  readonly server: number;
  readonly load: number;
  readonly serverCore: number;
  readonly loadCore: number;
}

const read = (pid: number): Reading => ({
  at: performance.now(),
  server: orNaN(() => processMs(pid)),
  load: orNaN(() => processMs(process.pid)),
  serverCore: orNaN(() => coreMs(SERVER_CORE)),
  loadCore: orNaN(() => coreMs(LOAD_CORE)),
});

/** Of all threads: see schedstat in the kernel's documentation, sched-stats.rst; ns. */
const processMs = (pid: number): number => {
  const tasks = `/proc/${pid}/task`;
  const ns = (task: string) => Number.parseInt(readFileSync(`${tasks}/${task}/schedstat`, 'utf8'), 10);
  return readdirSync(tasks).reduce((sum, task) => sum + ns(task), 0) / 1e6;
};

/** All but idle and waiting for a disk, what the hypervisor took included: proc_stat(5); ticks of 10 ms. */
const coreMs = (core: number): number => {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  const [user, nice, system, , , irq, softirq, steal] = (line ?? '').split(' ').map(Number);
  const ticks = [user, nice, system, irq, softirq, steal];
  return ticks.reduce<number>((sum, count) => sum + (count ?? Number.NaN), 0) * 10;
};

export const orNaN = (read: () => number): number => {
  try {
    return read();
  } catch {
    return Number.NaN;
  }
};
