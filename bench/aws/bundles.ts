import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import type { FunctionName } from '../../src/composition/emulated-aws.ts';
import { NEEDS } from '../../test/support/function-needs.ts';
import { readable, spread } from '../report.ts';

/** What every function has of Lambda; loading calls nobody. */
const ENV = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** (e) What a cold start loads: the bundles as they are deployed, and how long a fresh Node takes to import each. */
export const bundleSizes = async (repeat: number): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-bundles-'));
  try {
    const bundles = await bundleFunctions(folder);
    const rows: string[] = [];
    for (const { name, file, bytes } of bundles) {
      const gzip = gzipSync(readFileSync(file)).length;
      const times: number[] = [];
      for (let run = 0; run < repeat; run++)
        times.push(await importMs(file, { ...ENV, ...NEEDS[name as FunctionName] }));
      times.sort((a, b) => a - b);
      rows.push(`| ${name} | ${readable(bytes / 1_024)} | ${readable(gzip / 1_024)} | ${spread(times)} |`);
    }
    return [
      `**(e) The functions' bundles**; import times are medians of ${repeat} (min..max), each in a process of its own`,
      '',
      '| function | KB | KB, gzip | import, ms |',
      '|---|--:|--:|--:|',
      ...rows,
    ].join('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const importMs = async (file: string, env: Readonly<Record<string, string>>): Promise<number> => {
  const url = JSON.stringify(pathToFileURL(file).href);
  const code = `const start = performance.now(); await import(${url}); console.log(performance.now() - start); process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
    env,
  });
  return Number(stdout);
};
