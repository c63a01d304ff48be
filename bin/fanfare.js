#!/usr/bin/env -S node --max-semi-space-size=16
// The flag keeps the young generation from growing to 64 MB before it is collected: a server that holds thousands of
// idle connections is a third smaller with it, and no slower (docs/performance.md).
//
// In a checkout the command runs from source (Node strips the types); in the published package, from dist/.
import { existsSync } from 'node:fs';
import module from 'node:module';

const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  console.error(`fanfare needs Node 24 or later; this is Node ${process.versions.node}.`);
  process.exit(1);
}
module.enableCompileCache(); // halves the time to start
const source = new URL('../src/cli/main.ts', import.meta.url);
const built = new URL('../dist/cli/main.js', import.meta.url);
await import(existsSync(source) ? source : built);
