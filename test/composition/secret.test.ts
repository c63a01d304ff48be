import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/composition/config.ts';
import { resolveSecret } from '../../src/composition/secret.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fanfare-secret-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const config = loadConfig({});

describe('The secret of this machine', () => {
  test('is made once, for its owner only, and found again', () => {
    const state = join(folder, 'state');
    const made = resolveSecret(config, state);
    expect(made).toEqual({ value: expect.any(String), file: join(state, 'secret'), created: true });
    expect(Buffer.from(made.value, 'base64url')).toHaveLength(32);
    expect(statSync(join(state, 'secret')).mode & 0o777).toBe(0o600);
    expect(statSync(state).mode & 0o777).toBe(0o700);
    expect(resolveSecret(config, state)).toEqual({ ...made, created: false });
    expect(readdirSync(state)).toEqual(['secret']);
  });

  test('is never half there: whoever looks while another makes it finds all of it', async () => {
    const ROUNDS = 100;
    const module = new URL('../../src/composition/secret.ts', import.meta.url).href;
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const workerData = { module, folder, gate, rounds: ROUNDS };
    const workers = [1, 2].map(() => new Worker(LOOK, { eval: true, workerData }));
    const found = workers.map(worker => once(worker, 'message'));
    try {
      const [[mine], [yours]] = (await Promise.all(found)) as [[string[]], [string[]]];
      expect(mine).toHaveLength(ROUNDS);
      expect(mine).toEqual(yours);
    } finally {
      for (const worker of workers) await worker.terminate(); // one that waits for a failed one waits for ever
    }
  });

  test.each(['0644', '0640', '0604'])('that others may read (mode %s) is refused', mode => {
    const file = join(folder, 'secret');
    writeFileSync(file, 'x'.repeat(43));
    chmodSync(file, mode);
    const expected = 'a file that only its owner may read (chmod 600)';
    expect(() => resolveSecret(config, folder)).toThrow(
      `FANFARE_SECRET_FILE: ${file}: expected ${expected}, found mode ${mode}`,
    );
    expect(readFileSync(file, 'utf8')).toBe('x'.repeat(43));
  });

  test('that is too short is refused without a word of it', () => {
    const file = join(folder, 'secret');
    writeFileSync(file, 'hunter2\n', { mode: 0o600 });
    expect(() => resolveSecret(config, folder)).toThrow(
      `FANFARE_SECRET_FILE: ${file}: expected at least 32 characters, found 7`,
    );
  });

  test('is not made in production', () => {
    const file = join(folder, 'none');
    const production = loadConfig({ NODE_ENV: 'production', FANFARE_SECRET_FILE: file });
    expect(() => resolveSecret(production, folder)).toThrow(`FANFARE_SECRET_FILE: ${file}: expected a file`);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that can be kept nowhere is told as a problem of the configuration', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => resolveSecret(config, file)).toThrow(
      `FANFARE_SECRET_FILE: ${join(file, 'secret')}: expected a path where a secret can be kept; `,
    );
  });

  test('is left alone where one is configured', () => {
    const secret = 'x'.repeat(32);
    const configured = loadConfig({ FANFARE_SECRET: secret });
    expect(resolveSecret(configured, folder)).toEqual({ value: secret, created: false });
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** Two of these ask for the secret of one new folder after another, each time at the same moment. */
const LOOK = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { module, folder, gate, rounds } = workerData;
  import(module).then(({ resolveSecret }) => {
    const found = [];
    for (let round = 1; round <= rounds; round += 1) {
      Atomics.add(gate, 0, 1);
      while (Atomics.load(gate, 0) < round * 2);
      found.push(resolveSecret({ auth: {}, production: false }, folder + '/' + round).value);
    }
    parentPort.postMessage(found);
  });
`;
