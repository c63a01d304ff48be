// Bundles each Lambda function into one file, dist/lambda/<name>/index.mjs, as it is deployed.
import { globSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { leaveOut } from './leave-out.ts';

const path = (relative: string): string => fileURLToPath(new URL(`../${relative}`, import.meta.url));

export interface Bundle {
  readonly name: string;
  readonly file: string;
  /** As Node parses it at a cold start. */
  readonly bytes: number;
  /** As Lambda fetches it. */
  readonly compressedBytes: number;
}

/** ADR 0009 has the reasons for both. */
export const LIMITS = { compressedBytes: 225 * 1_024, bytes: 720 * 1_024 } as const;

/** Of those that bring all of the HTTP API's routes, schedules or pushes with them, and a client of PostgreSQL. */
const LARGER_LIMITS = { compressedBytes: 370 * 1_024, bytes: 1_280 * 1_024 } as const;
const LARGER: ReadonlySet<string> = new Set(['http-with-data', 'schedule', 'push']);

const limitsOf = (name: string) => (LARGER.has(name) ? LARGER_LIMITS : LIMITS);

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
    // Beside the bundle, for whoever reads a trace; it is not deployed.
    sourcemap: 'external',
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
    // A name that a stand-in does not have would only be warned of.
    logOverride: { 'import-is-undefined': 'error' },
    logLevel: 'warning',
  });
  return names.sort().map(name => {
    const file = `${folder}/${name}/index.mjs`;
    const content = readFileSync(file);
    return { name, file, bytes: content.length, compressedBytes: gzipSync(content).length };
  });
};

/** @throws Error naming every bundle that is over a limit */
export const requireWithinLimits = (bundles: readonly Bundle[]): void => {
  const over = bundles.filter(({ name, bytes, compressedBytes }) => {
    const limits = limitsOf(name);
    return bytes > limits.bytes || compressedBytes > limits.compressedBytes;
  });
  if (over.length === 0) return;
  const lines = over.map(bundle => {
    const { bytes, compressedBytes } = limitsOf(bundle.name);
    return `${describe(bundle)}; at the most ${inKb(bytes)} KB, ${inKb(compressedBytes)} KB compressed`;
  });
  throw new Error(`too large (docs/adr/0009):\n${lines.join('\n')}`);
};

const inKb = (bytes: number): number => Math.round(bytes / 1_024);

const describe = ({ name, bytes, compressedBytes }: Bundle): string =>
  `${name.padEnd(12)} ${String(inKb(bytes)).padStart(4)} KB, ${String(inKb(compressedBytes)).padStart(4)} KB compressed`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bundles = await bundleFunctions();
  console.log(bundles.map(describe).join('\n'));
  requireWithinLimits(bundles);
}
