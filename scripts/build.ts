// Builds the published package: dist/ from src/, and the page that the dev server shows.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';

const root = new URL('../', import.meta.url);

rmSync(new URL('dist/', root), { recursive: true, force: true });
execFileSync('tsc', ['--project', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
cpSync(new URL('src/adapters/local/page/', root), new URL('dist/adapters/local/page/', root), {
  recursive: true,
});
