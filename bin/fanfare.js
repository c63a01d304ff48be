#!/usr/bin/env node
// In a checkout the command runs from source (Node strips the types); in the published package, from dist/.
import { existsSync } from 'node:fs';

const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  console.error(`fanfare needs Node 24 or later; this is Node ${process.versions.node}.`);
  process.exit(1);
}
const source = new URL('../src/cli/main.ts', import.meta.url);
const built = new URL('../dist/cli/main.js', import.meta.url);
await import(existsSync(source) ? source : built);
