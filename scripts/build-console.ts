// Builds the console into dist/console/. With --if-stale only where its sources are newer than what was built.
import { globSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../src/console/', import.meta.url));
const client = fileURLToPath(new URL('../src/client/', import.meta.url));
const output = fileURLToPath(new URL('../dist/console/', import.meta.url));

const newestOf = (...folders: readonly string[]): number =>
  Math.max(
    0,
    ...folders.flatMap(folder =>
      globSync('**/*.*', { cwd: folder }).map(file => statSync(folder + file).mtimeMs),
    ),
  );

const isStale = (): boolean => {
  const built = newestOf(output);
  return built === 0 || newestOf(root, client) > built;
};

/** The page at `/`, for the dev server and for a static site: its addresses are relative. */
export const buildConsole = async ({ ifStale = false } = {}): Promise<void> => {
  if (ifStale && !isStale()) return;
  const { build } = await import('vite');
  await build({
    root,
    base: './',
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: output,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0, // the page's policy allows no data: in scripts and styles
      modulePreload: { polyfill: false },
    },
  });
};

if (import.meta.main) await buildConsole({ ifStale: process.argv.includes('--if-stale') });
