import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** Two cores, so that server and load never take time from each other. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** What to put before a command. */
export const pinTo = (core: number): string[] => (canPin ? ['taskset', '-c', String(core)] : []);

/** Pins this process with all its threads. */
export const pinThisProcess = (): void => {
  if (canPin) spawnSync('taskset', ['-a', '-p', '-c', String(LOAD_CORE), String(process.pid)]);
};

/** @param shared whether server and load are one process, or may run on either core */
export const describeMachine = (shared = false): string => {
  const pinned = canPin
    ? `server pinned to core ${SERVER_CORE}, load to core ${LOAD_CORE}`
    : 'NOT PINNED: no taskset, or one core';
  const pinning = shared ? 'nothing pinned' : pinned;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return [
    cpus()[0]?.model.trim() ?? 'unknown processor',
    `${cpus().length} cores, ${memory}`,
    `Node ${process.versions.node}`,
    pinning,
    new Date().toISOString().slice(0, 10),
  ].join('; ');
};
