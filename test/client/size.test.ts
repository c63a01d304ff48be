import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const MOST_BYTES = 8 * 1_024;

test('The client stays under 8 KB, bundled, minified and gzipped, and asks for nothing but a browser', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: 'export { Fanfare, FanfareError, sharedWebSocket, webSocket } from "./src/client/index.ts"',
      resolveDir: '.',
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    write: false,
  });
  const [bundle] = outputFiles;
  expect(gzipSync(bundle?.contents ?? '').length).toBeLessThan(MOST_BYTES);
  // With the whole of it in the bundle, and no import left.
  expect(bundle?.text).toContain('fanfare.v1');
  expect(bundle?.text).not.toMatch(/\bimport\b/);
  // Devices and preferences are there for those who ask for them.
  expect(bundle?.text).not.toContain('/v1/users/');
});
