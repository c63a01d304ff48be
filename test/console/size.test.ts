import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const BUILT = join(import.meta.dirname, '../../dist/console');
/** A page that is there before one has looked up, on a slow line too. */
const MOST_BYTES = 40 * 1_024;
/** With the pages that are fetched when somebody comes to them. */
const MOST_BYTES_OF_ALL = 64 * 1_024;

const read = (file: string): string => readFileSync(join(BUILT, file), 'utf8');

const weigh = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(BUILT, file))).length, 0);

/** A file and all that it cannot do without. */
const needed = (file: string, found = new Set<string>()): Set<string> => {
  if (found.has(file)) return found;
  found.add(file);
  const references = file.endsWith('.html')
    ? read(file).matchAll(/(?:src|href)="\.?\/([^"]+)"/g)
    : read(file).matchAll(/(?:from|import)"\.\/([^"]+)"/g);
  const folder = file.endsWith('.html') ? '' : dirname(file);
  for (const [, reference = ''] of references) needed(join(folder, reference), found);
  return found;
};

test('The first page of the console stays under 40 KB gzipped, and all of it under 64 KB', () => {
  const first = needed('index.html');
  expect([...first].some(file => file.endsWith('.js'))).toBe(true);
  expect(weigh(first)).toBeLessThan(MOST_BYTES);
  expect(weigh(globSync('**/*.*', { cwd: BUILT }))).toBeLessThan(MOST_BYTES_OF_ALL);
  // Its policy allows no script or style within the page.
  expect(read('index.html')).not.toMatch(/<style|<script(?![^>]*\bsrc=)|style=/);
});
