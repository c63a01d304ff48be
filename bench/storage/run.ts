/** `node bench/storage/run.ts`: what it costs that a notification outlives the server. What it measures: ../README.md. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { describeMachine, pinThisProcess } from '../machine.ts';
import { spread } from '../report.ts';
import type { Startable } from '../server-process.ts';
import { ServerProcess } from '../server-process.ts';

const { values: options } = parseArgs({
  options: {
    repeat: { type: 'string', default: '3' },
    only: { type: 'string', default: 'memory,data,postgres' },
  },
});

const WARM = 300;
const MEASURED = 3_000;
const USERS = 50;
/** Requests under way at a time: one producer after the other, and many at once. */
const AT_ONCE = [1, 32];

const COMMAND = fileURLToPath(new URL('../../bin/fanfare.js', import.meta.url));
const SECRET = randomBytes(32).toString('hex');
const folders = mkdtempSync(join(tmpdir(), 'fanfare-storage-'));
const env = { ...process.env, FANFARE_SECRET: SECRET, XDG_STATE_HOME: folders };
const token = execFileSync(process.execPath, [COMMAND, 'token', '--admin'], { env, encoding: 'utf8' }).trim();

const storedIn = (name: string, where: Readonly<Record<string, string>>): Startable => ({
  name,
  command: port => [COMMAND, 'dev', '--port', String(port)],
  env: { ...env, ...where },
});

interface Outcome {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const measure = async (port: number, atOnce: number): Promise<Outcome> => {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const send = async (count: number): Promise<readonly number[]> => {
    const times: number[] = [];
    let sent = 0;
    const producer = async (): Promise<void> => {
      while (sent < count) {
        const start = performance.now();
        await notify(agent, port, ++sent);
        times.push(performance.now() - start);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, producer));
    return times.sort((a, b) => a - b);
  };
  await send(WARM);
  const start = performance.now();
  const times = await send(MEASURED);
  const seconds = (performance.now() - start) / 1_000;
  agent.destroy();
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { perSecond: times.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
};

/** Under a key of its own, as a careful producer's. Rejects unless it was accepted. */
const notify = (agent: Agent, port: number, number: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomBytes(8).toString('hex'),
    };
    const sent = request({ agent, port, method: 'POST', path: '/v1/notifications', headers }, response => {
      response.resume();
      response.once('end', () =>
        response.statusCode === 202 ? resolve() : reject(new Error(`answered ${response.statusCode}`)),
      );
    });
    sent.once('error', reject);
    sent.end(JSON.stringify({ to: [`user:u${number % USERS}`], title: 'bench', data: { number } }));
  });

pinThisProcess();
// The reaper is one more image; the container is stopped below.
process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
const container = await new PostgreSqlContainer('postgres:17').start();
try {
  const contenders = [
    storedIn('memory', {}),
    storedIn('data', { FANFARE_DATA: join(folders, 'data') }),
    storedIn('postgres', { FANFARE_POSTGRES_URL: container.getConnectionUri() }),
  ].filter(({ name }) => options.only.split(',').includes(name));
  const outcomes = new Map<string, Outcome[]>();
  for (let repetition = 0; repetition < Number(options.repeat); repetition++) {
    for (const contender of contenders) {
      const running = await ServerProcess.start(contender);
      for (const atOnce of AT_ONCE) {
        const key = `${contender.name} ${atOnce}`;
        outcomes.set(key, [...(outcomes.get(key) ?? []), await measure(running.port, atOnce)]);
      }
      await running.stop();
    }
  }
  console.log(
    `| | ${contenders.map(({ name }) => name).join(' | ')} |\n|---|${contenders.map(() => '--:|').join('')}`,
  );
  for (const atOnce of AT_ONCE)
    for (const metric of ['perSecond', 'p50Ms', 'p99Ms'] as const) {
      const cells = contenders.map(({ name }) =>
        spread((outcomes.get(`${name} ${atOnce}`) ?? []).map(of => of[metric]).sort((a, b) => a - b)),
      );
      console.log(`| ${metric}, ${atOnce} at a time | ${cells.join(' | ')} |`);
    }
  console.log(`\n${describeMachine()}`);
} finally {
  await container.stop({ timeout: 0 });
  rmSync(folders, { recursive: true, force: true });
}
