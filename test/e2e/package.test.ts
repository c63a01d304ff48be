import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PackedProject } from '../support/packed-package.ts';
import { aProjectWithThePackage } from '../support/packed-package.ts';

const TSC = join(import.meta.dirname, '../../node_modules/.bin/tsc');
const MOST_BYTES = 8 * 1_024;

/** What an application does, whose types shall be right. */
const APPLICATION = `
import { Fanfare, FanfareError, sharedWebSocket } from 'fanfare/client';
import type { Message, Notice, State } from 'fanfare/client';

export const client = new Fanfare({
  url: 'ws://127.0.0.1:8080/ws',
  getToken: async () => null,
  transport: sharedWebSocket(),
});
client.on('state', (state: State) => {
  if (state.name === 'waiting') console.log(state.until.toFixed(), state.reason);
});
client.on('error', error => console.log(error instanceof FanfareError ? error.code : error));
export const subscription = client.channel('room:talk').subscribe((message: Message) => console.log(message.data));
export const follow = async (signal: AbortSignal): Promise<void> => {
  for await (const { notification, messageId } of client.notifications().messages({ signal })) {
    console.log(notification.title);
    await client.ack([messageId]);
  }
};
export const first = async (notice: Notice): Promise<number> => (await client.mark('read', [notice.messageId])).unread;
// @ts-expect-error there is no such event
client.on('nonsense', () => undefined);
// @ts-expect-error a handler takes a message, not a number
client.channel('room:talk').subscribe((message: number) => message);
`;

let project: PackedProject;
beforeAll(async () => {
  project = await aProjectWithThePackage();
  project.write('main.ts', APPLICATION);
}, 120_000);
afterAll(() => project?.close());

describe('The packed package in an empty project', () => {
  test('has a client that Node imports', async () => {
    project.write(
      'main.mjs',
      `import { Fanfare, FanfareError, sharedWebSocket, webSocket } from 'fanfare/client';
       console.log([Fanfare, FanfareError, sharedWebSocket, webSocket.open].map(one => typeof one).join());`,
    );
    expect(await project.run(process.execPath, ['main.mjs'])).toBe('function,function,function,function\n');
  });

  test('has a client that Vite builds for browsers, within its size, and without what is not imported', async () => {
    const bundle = async (name: string, imports: string) => {
      project.write(`${name}.html`, `<script type="module" src="./${name}.js"></script>`);
      project.write(
        `${name}.js`,
        `import { ${imports} } from 'fanfare/client'; globalThis.it = [${imports}];`,
      );
      const outDir = join(project.folder, `dist-${name}`);
      await build({
        root: project.folder,
        configFile: false,
        logLevel: 'error',
        build: {
          outDir,
          modulePreload: false,
          rolldownOptions: { input: join(project.folder, `${name}.html`) },
        },
      });
      const assets = join(outDir, 'assets');
      const texts = readdirSync(assets)
        .filter(file => file.endsWith('.js'))
        .map(file => readFileSync(join(assets, file), 'utf8'));
      expect(texts).toHaveLength(1);
      return texts[0] ?? '';
    };
    const whole = await bundle('whole', 'Fanfare, FanfareError, sharedWebSocket, webSocket');
    expect(gzipSync(whole).length).toBeLessThan(MOST_BYTES);
    expect(whole).toContain('fanfare.v1');
    expect(whole).toContain('BroadcastChannel');
    expect(await bundle('without', 'Fanfare')).not.toContain('BroadcastChannel');
  });

  test.for([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('has types that hold with module %s and resolution %s', async ([module = '', resolution = '']) => {
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
    const how = ['--module', module, '--moduleResolution', resolution, '--types', ''];
    expect(await project.run(TSC, [...options, ...how, 'main.ts'])).toBe('');
  });

  test('is resolved rightly by every tool that knows modules', async () => {
    const { types, ...rest } = await checkPackage(
      createPackageFromTarballData(new Uint8Array(readFileSync(project.tarball))),
    );
    expect(types).toMatchObject({ kind: 'included' });
    // The package is ESM only: what does not know of ESM or of exports cannot have it.
    const old = ['node10', 'node16-cjs'];
    const problems = 'problems' in rest ? rest.problems : [];
    expect(
      problems.filter(problem => !('resolutionKind' in problem && old.includes(problem.resolutionKind))),
    ).toEqual([]);
  });

  test('has a package.json that does what it says', async () => {
    const { messages } = await publint({ pkgDir: project.installed, strict: true, pack: false });
    expect(messages).toEqual([]);
  });
});
