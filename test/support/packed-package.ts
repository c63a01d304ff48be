import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
/** What the package is built of. */
const SOURCES = ['bin', 'infra', 'scripts', 'src', 'CHANGELOG.md', 'LICENSE', 'README.md', 'cdk.json'];
const CONFIGS = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];

/** An empty project with the package as `npm publish` would send it, packed from a copy: tests beside it use `dist/`. */
export const aProjectWithThePackage = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-packed-'));
  const copy = join(folder, 'copy');
  for (const part of [...SOURCES, ...CONFIGS])
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  await run('npm', ['pack', '--pack-destination', folder, '--loglevel', 'error'], { cwd: copy });

  const project = join(folder, 'project');
  const installed = join(project, 'node_modules', 'fanfare');
  mkdirSync(installed, { recursive: true });
  const { name, version, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const tarball = join(folder, `${name}-${version}.tgz`);
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  // Its dependencies as npm would put them there, without asking a registry.
  for (const dependency of Object.keys(dependencies)) {
    const target = join(project, 'node_modules', dependency);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', dependency), target);
  }
  write(project, 'package.json', JSON.stringify({ type: 'module', private: true }));
  return {
    folder: project,
    installed,
    tarball,
    write: (file: string, text: string): void => write(project, file, text),
    /** Runs a program of the repository's in the project. @throws with what it printed, when it fails */
    run: async (file: string, args: readonly string[]): Promise<string> => {
      const { stdout } = await run(file, args, { cwd: project }).catch(error => {
        throw new Error(`${error.message}\n${error.stdout}`);
      });
      return stdout;
    },
    close: (): void => rmSync(folder, { recursive: true, force: true }),
  };
};

export type PackedProject = Awaited<ReturnType<typeof aProjectWithThePackage>>;

const write = (folder: string, file: string, text: string): void => writeFileSync(join(folder, file), text);
