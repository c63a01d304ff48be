import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bundle } from '../../scripts/bundle-functions.ts';
import { bundleFunctions, LIMITS, requireWithinLimits } from '../../scripts/bundle-functions.ts';
import { leaveOut } from '../../scripts/leave-out.ts';

const folder = mkdtempSync(join(tmpdir(), 'fanfare-bundles-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the bundles', () => {
  let bundles: readonly Bundle[];

  beforeAll(async () => {
    bundles = await bundleFunctions(folder);
  });

  it('are one for each function', () => {
    expect(bundles.map(({ name }) => name)).toEqual([
      'connect',
      'deliver',
      'disconnect',
      'fan-out',
      'http',
      'http-with-data',
      'message',
      'migrate',
      'platforms',
      'presence',
      'push',
      'schedule',
      'trail',
    ]);
  });

  it('stay within the limits of ADR 0009', () => {
    expect(() => requireWithinLimits(bundles)).not.toThrow();
  });

  it.each(['bytes', 'compressedBytes'] as const)(
    'fail the build with their name when over in %s',
    measure => {
      const over = bundles.map(bundle =>
        bundle.name === 'http' ? { ...bundle, [measure]: LIMITS[measure] + 1 } : bundle,
      );

      expect(() => requireWithinLimits(over)).toThrow(/\nhttp /);
      expect(() => requireWithinLimits(over)).not.toThrow(/deliver/);
    },
  );
});

describe('what is left out of a bundle', () => {
  it('fails the build once nothing asks for it any more', async () => {
    const options = {
      stdin: { contents: 'console.log(1)' },
      bundle: true,
      write: false,
      plugins: [leaveOut],
    };

    await expect(build({ ...options, logLevel: 'silent' })).rejects.toThrow(
      'nothing asks any more for what credentials stands in for',
    );
  });
});
