import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const BUILT = join(import.meta.dirname, '../../dist/console');
/** A page that is there before one has looked up, on a slow line too. */
const MOST_BYTES = 40 * 1_024;

test('The console stays under 40 KB gzipped, all of it, in files of its own', () => {
  const files = globSync('**/*.*', { cwd: BUILT });
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(BUILT, file))).length, 0);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(MOST_BYTES);
  // Its policy allows no script or style within the page.
  expect(readFileSync(join(BUILT, 'index.html'), 'utf8')).not.toMatch(/<style|<script(?![^>]*\bsrc=)|style=/);
});
