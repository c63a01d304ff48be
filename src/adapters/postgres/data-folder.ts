import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another process has the folder open. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

export interface DataFolder {
  /** Where the database's files go. */
  readonly database: string;
  /** Lets go of it. */
  release(): void;
}

/**
 * Takes a folder for this process alone, since PGlite would let two write to it. What a killed process left is taken
 * over.
 *
 * @throws FolderInUse while a process that lives has it
 * @throws the system's error when it cannot be made or written to
 */
export const takeFolder = (folder: string): DataFolder => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, 'lock');
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(readFileSync(lock, 'utf8'));
    if (isAlive(owner)) throw new FolderInUse(`${folder} is in use by process ${owner}`);
    rmSync(lock, { force: true });
  }
  return { database: join(folder, 'postgres'), release: () => rmSync(lock, { force: true }) };
};

/** Our own number in another's lock is of before a restart: in a container, it is always the same. */
const isAlive = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
