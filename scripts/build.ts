// Builds the published package: dist/ from src/, the console among it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { emulatedEnvironment, synthesize } from '../infra/synth.ts';
import { VERSION } from '../src/composition/version.ts';
import { describeSocket } from '../src/protocol/async-api.ts';
import { buildConsole } from './build-console.ts';
import { bundleFunctions, requireWithinLimits } from './bundle-functions.ts';

const root = new URL('../', import.meta.url);

rmSync(new URL('dist/', root), { recursive: true, force: true });
execFileSync('tsc', ['--project', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
await buildConsole();

// The socket's protocol for tools, at `fanfare/asyncapi.json`.
writeFileSync(new URL('dist/asyncapi.json', root), JSON.stringify(describeSocket(VERSION)));

// For `fanfare dev --aws`: the functions as they are deployed, and the stacks that they need of an emulator.
requireWithinLimits(await bundleFunctions());
mkdirSync(new URL('dist/templates/', root), { recursive: true });
for (const [name, template] of Object.entries(synthesize(emulatedEnvironment))) {
  writeFileSync(new URL(`dist/templates/${name}.json`, root), JSON.stringify(template));
}
