// Bundles each Lambda function into one file, dist/lambda/<name>/index.mjs, as it is deployed.
import { globSync, rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { build } from 'esbuild';

const path = (relative: string): string => fileURLToPath(new URL(`../${relative}`, import.meta.url));

export interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

/**
 * What a function never needs, and would carry: a function has its credentials in its environment, so the SDK need not
 * look for files, single sign-on or a metadata service; and zod's messages in forty languages.
 */
const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({
      path: 'credentials',
      namespace: 'lean',
    }));
    onResolve({ filter: /locales\/index\.js$/ }, () => ({ path: 'locales', namespace: 'lean' }));
    onLoad({ filter: /^credentials$/, namespace: 'lean' }, () => ({
      contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
      resolveDir: path('.'),
    }));
    onLoad({ filter: /^locales$/, namespace: 'lean' }, () => ({ contents: 'export {};' }));
  },
};

export const bundleFunctions = async (folder = path('dist/lambda')): Promise<Bundle[]> => {
  rmSync(folder, { recursive: true, force: true });
  const names = globSync('*.ts', { cwd: path('src/composition/lambda') }).map(file => basename(file, '.ts'));
  await build({
    entryPoints: Object.fromEntries(
      names.map(name => [`${name}/index`, path(`src/composition/lambda/${name}.ts`)]),
    ),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    // CommonJS within an ES module still asks for `require`.
    banner: {
      js: "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);",
    },
    plugins: [leaveOut],
    logLevel: 'warning',
  });
  return names.sort().map(name => {
    const file = `${folder}/${name}/index.mjs`;
    return { name, file, bytes: statSync(file).size };
  });
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, bytes } of await bundleFunctions()) {
    console.log(`${name.padEnd(12)} ${String(Math.round(bytes / 1_024)).padStart(4)} KB`);
  }
}
