import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { aTcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

const SCRIPT = `
import { Fanfare, sharedWebSocket } from '../../src/client/index.ts';
const [url, token, room, mode] = globalThis.Deno?.args ?? process.argv.slice(2);
const client = new Fanfare({
  url,
  token,
  runtime: { random: () => Math.random() / 20 },
  transport: mode === 'shared' ? sharedWebSocket() : undefined,
});
const talk = client.channel(room);
const got = [];
for await (const { data } of talk) {
  if (got.length === 0) await talk.send('mine');
  if (data !== 'are you there?' && data !== 'mine') got.push(data);
  if (data === 'the end') break;
}
console.log(JSON.stringify(got));
client.close();
`;

const runtimes = [
  { name: 'Node', command: process.execPath, args: [] },
  { name: 'Bun', command: 'bun', args: ['run'] },
  { name: 'Deno', command: 'deno', args: ['run', '--allow-net', '--no-prompt'] },
];

let stack: LocalStack;
let folder: string;
beforeAll(async () => {
  stack = await aLocalStack();
  folder = mkdtempSync(join(tmpdir(), 'fanfare-runtimes-'));
  await build({
    stdin: { contents: SCRIPT, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    outfile: join(folder, 'main.mjs'),
  });
});
afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true });
});

describe('The client in a runtime', () => {
  const modes = runtimes.flatMap(runtime =>
    ['alone', 'shared'].map(mode => ({ ...runtime, mode, sentence: `${runtime.name}, ${mode}` })),
  );
  test.for(modes)(
    'follows, sends and comes back in $sentence, and then lets its process end',
    async ({ name, command, args, mode }, context) => {
      if (spawnSync(command, ['--version']).status !== 0) context.skip(`${name} is not installed here`);
      const proxy = await aTcpProxy(stack.url);
      const room = `room:${name}-${mode}`;
      const token = await stack.token(name, { allow: { 'room:*': ['subscribe', 'publish', 'history'] } });
      const bob = await stack.connect('bob', { admin: true });
      const say = (data: unknown) => bob.request({ action: 'sendMessage', channel: room, data });
      try {
        const running = promisify(execFile)(
          command,
          [...args, 'main.mjs', `${proxy.url}/ws`, token, room, mode],
          {
            cwd: folder,
            timeout: 20_000,
          },
        );
        await bob.request({ action: 'subscribe', channel: room });
        // It has begun when it has heard of something, and said so.
        await until(async () => {
          await say('are you there?');
          const { messages } = await bob.request({ action: 'history', channel: room, limit: 5 });
          return (messages as { from: string }[]).some(({ from }) => from === name);
        }, 15_000);
        await say(1);
        proxy.cut();
        for (const data of [2, 3, 'the end']) await say(data);
        const { stdout } = await running;
        expect(JSON.parse(stdout)).toEqual([1, 2, 3, 'the end']);
      } finally {
        proxy.close();
      }
    },
  );
});
