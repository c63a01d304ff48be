import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '../../src');

/** Which folders of src/ a folder may import from, and which packages. The first matching row counts. */
const LAYERS: readonly { folder: string; may: readonly string[]; packages: readonly string[] | 'any' }[] = [
  { folder: 'domain/use-cases', may: ['domain', 'ports'], packages: [] },
  { folder: 'domain', may: ['domain'], packages: [] },
  { folder: 'ports', may: ['ports', 'domain'], packages: [] },
  { folder: 'protocol', may: ['protocol', 'domain'], packages: ['zod'] },
  {
    folder: 'adapters/http',
    may: ['adapters/http', 'protocol', 'domain', 'ports'],
    packages: ['hono', '@hono/zod-openapi', 'zod'],
  },
  { folder: 'adapters/socket', may: ['adapters/socket', 'protocol', 'domain', 'ports'], packages: [] },
  { folder: 'adapters', may: ['adapters', 'protocol', 'domain', 'ports'], packages: 'any' },
  { folder: 'composition', may: ['composition', 'adapters', 'protocol', 'domain', 'ports'], packages: 'any' },
  { folder: 'client', may: ['client'], packages: [] },
  { folder: 'console', may: ['console', 'client', 'domain'], packages: ['lit'] },
  { folder: 'cli', may: ['cli', 'composition', 'adapters', 'protocol', 'domain'], packages: 'any' },
];

const CONTAINER = ['inversify', 'reflect-metadata'];
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\(\s*'([^']+)'|(?:^|\n)import\s+'([^']+)'/g;

interface Arrow {
  readonly from: string;
  readonly to: string;
}

const arrowsOf = (file: string): Arrow[] => {
  const from = relative(SRC, file);
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, ...targets]) => {
    const target = targets.find(found => found !== undefined) ?? '';
    const to = target.startsWith('.') ? relative(SRC, join(dirname(file), target)) : target;
    return { from, to };
  });
};

const files = globSync('**/*.ts', { cwd: SRC }).map(file => join(SRC, file));
const arrows = files.flatMap(arrowsOf);
const isOurs = (to: string): boolean => to.endsWith('.ts') || to.endsWith('.svg');
const within = (file: string, folder: string): boolean => file.startsWith(`${folder}/`);
const packageOf = (to: string): string => to.split('/', to.startsWith('@') ? 2 : 1).join('/');

const breaks = ({ from, to }: Arrow): boolean => {
  const layer = LAYERS.find(({ folder }) => within(from, folder));
  if (layer === undefined) return from !== 'index.ts';
  if (isOurs(to)) return !layer.may.some(folder => within(to, folder));
  if (CONTAINER.includes(packageOf(to))) return layer.folder !== 'composition';
  return layer.packages !== 'any' && !layer.packages.includes(packageOf(to));
};

describe('The layers', () => {
  test('hold: every import goes along an arrow of the hexagon', () => {
    expect(arrows.filter(breaks)).toEqual([]);
  });

  test('are all there, so that the rule above is about something', () => {
    expect(arrows.length).toBeGreaterThan(200);
    for (const { folder } of LAYERS) expect(arrows.some(({ from }) => within(from, folder))).toBe(true);
  });

  test.each([
    [{ from: 'domain/channel.ts', to: 'ports/clock.ts' }],
    [{ from: 'domain/use-cases/notify.ts', to: 'adapters/local/memory-event-bus.ts' }],
    [{ from: 'domain/use-cases/notify.ts', to: 'zod' }],
    [{ from: 'ports/clock.ts', to: 'adapters/system/system-clock.ts' }],
    [{ from: 'adapters/http/app.ts', to: 'node:fs' }],
    [{ from: 'adapters/local/dev-server.ts', to: 'composition/config.ts' }],
    [{ from: 'adapters/local/dev-server.ts', to: 'inversify' }],
  ])('would be broken by %o', arrow => expect(breaks(arrow)).toBe(true));

  test('know no ambient time, randomness or environment in the domain, the ports and the protocol', () => {
    const ambient =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bcrypto\.|\bconsole\.|\bsetTimeout\(|\bperformance\./;
    const inner = files.filter(file =>
      ['domain', 'ports', 'protocol'].some(folder => within(relative(SRC, file), folder)),
    );
    expect(inner.filter(file => ambient.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
