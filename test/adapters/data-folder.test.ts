import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeFolder } from '../../src/adapters/postgres/data-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-data-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lockOf = (pid: number): void => writeFileSync(join(folder, 'lock'), String(pid));

test('a folder is taken, with what is above it, and let go of', () => {
  const inner = join(folder, 'not', 'there');
  const taken = takeFolder(inner);
  expect(taken.database).toBe(join(inner, 'postgres'));
  expect(existsSync(join(inner, 'lock'))).toBe(true);
  taken.release();
  expect(existsSync(join(inner, 'lock'))).toBe(false);
});

test('while a process that lives has it, it is refused, and by which is said', async () => {
  const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)']);
  try {
    lockOf(other.pid ?? 0);
    expect(() => takeFolder(folder)).toThrow(`${folder} is in use by process ${other.pid}`);
  } finally {
    other.kill('SIGKILL');
    await once(other, 'exit');
  }
  takeFolder(folder).release();
});

test.each([
  ['a process of the same number, before a restart', process.pid],
  ['nobody', Number.NaN],
])('a lock of %s is taken over', (_, pid) => {
  lockOf(pid);
  takeFolder(folder).release();
});
