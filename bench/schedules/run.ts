/** `node bench/schedules/run.ts`: how long 100,000 schedules of one second take. What it measures: ../README.md. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { PinoLogger } from '../../src/adapters/pino/pino-logger.ts';
import { composeLocal } from '../../src/composition/compose-local.ts';
import { loadConfig } from '../../src/composition/config.ts';
import { resolve } from '../../src/composition/injection.ts';
import { openStores } from '../../src/composition/open-stores.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../../src/composition/tokens.ts';
import type { Channel } from '../../src/domain/channel.ts';
import { userChannel } from '../../src/domain/channel.ts';
import { userId } from '../../src/domain/ids.ts';
import type { Schedule } from '../../src/domain/schedule.ts';
import { scheduleId } from '../../src/domain/schedule.ts';
import type { ScheduleStore } from '../../src/ports/schedule-store.ts';
import { describeMachine } from '../machine.ts';
import { spread } from '../report.ts';

const { values: options } = parseArgs({
  options: {
    repeat: { type: 'string', default: '3' },
    count: { type: 'string', default: '100000' },
    only: { type: 'string', default: 'memory,data,postgres' },
  },
});
const COUNT = Number(options.count);

/** Schedules that are written at a time, before anything is measured. */
const ADDED_AT_ONCE = 64;
const LOOK_EVERY_MS = 100;

const OWNER = userId('shop');

const scheduleOf = (number: number, at: number): Schedule => ({
  id: scheduleId(`sch_${String(number).padStart(9, '0')}`),
  owner: OWNER,
  ownerIsAdmin: true,
  timing: { kind: 'once', at },
  missedRuns: 'run-once',
  request: { to: [userChannel(userId(`user-${number}`))], title: 'bench', priority: 'normal' },
  state: 'active',
  nextRunAt: at,
  createdAt: at,
});

const fill = async (schedules: ScheduleStore): Promise<void> => {
  const at = Date.now();
  let added = 0;
  const add = async (): Promise<void> => {
    while (added < COUNT) await schedules.add(scheduleOf(added++, at));
  };
  await Promise.all(Array.from({ length: ADDED_AT_ONCE }, add));
};

interface Outcome {
  readonly seconds: number;
  /** Users that were not told, and messages that were one too many. */
  readonly missing: number;
  readonly twice: number;
}

/** A server without its sockets: nobody is connected, so what is measured is what a run writes. */
const measure = async (env: Readonly<Record<string, string>>): Promise<Outcome> => {
  const config = loadConfig({ FANFARE_LOG_LEVEL: 'error', ...env });
  const stores = await openStores(config, new PinoLogger({ level: 'error' }));
  try {
    const secret = 'x'.repeat(32);
    const container = composeLocal(config, { kind: 'secret', secret }, stores.module);
    const schedules = resolve(container, LOCAL_TOKENS.schedules);
    const [bus, fanOut] = [resolve(container, LOCAL_TOKENS.bus), resolve(container, TOKENS.fanOut)];
    const told = new Set<Channel>();
    let twice = 0;
    bus.subscribe(async message => {
      // A log whose only message this is was never written to before, and never will be again.
      if (message.offset !== 1 || told.has(message.channel)) twice += 1;
      told.add(message.channel);
      await fanOut.execute(message);
    });
    await fill(schedules);

    const repeated = [LOCAL_TOKENS.ticking, PUSH_TOKENS.ticking].map(token => resolve(container, token));
    const start = performance.now();
    for (const work of repeated) work.start();
    while ((await schedules.due(Number.MAX_SAFE_INTEGER, 1)).length > 0)
      await new Promise(done => setTimeout(done, LOOK_EVERY_MS));
    await bus.drain();
    const seconds = (performance.now() - start) / 1_000;
    await Promise.all(repeated.map(work => work.stop()));
    return { seconds, missing: COUNT - told.size, twice };
  } finally {
    await stores.close();
  }
};

process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
const folders = mkdtempSync(join(tmpdir(), 'fanfare-schedules-'));
const only = options.only.split(',');
const container = only.includes('postgres')
  ? await new PostgreSqlContainer('postgres:17').start()
  : undefined;
try {
  const environments: Readonly<Record<string, (repetition: number) => Readonly<Record<string, string>>>> = {
    memory: () => ({}),
    data: repetition => ({ FANFARE_DATA: join(folders, `data-${repetition}`) }),
    postgres: repetition => ({
      FANFARE_POSTGRES_URL: container?.getConnectionUri() ?? '',
      FANFARE_POSTGRES_SCHEMA: `bench_${repetition}`,
    }),
  };
  const outcomes = new Map<string, Outcome[]>(only.map(name => [name, []]));
  for (let repetition = 0; repetition < Number(options.repeat); repetition++)
    for (const [name, measured] of outcomes) {
      const outcome = await measure(environments[name]?.(repetition) ?? {});
      measured.push(outcome);
      console.error(name, outcome);
    }

  const row = (name: string, of: (outcome: Outcome) => number): string => {
    const cells = [...outcomes.values()].map(all => spread(all.map(of).sort((a, b) => a - b)));
    return `| ${name} | ${cells.join(' | ')} |`;
  };
  console.log(`| ${COUNT} at one second | ${only.join(' | ')} |\n|---|${only.map(() => '--:').join('|')}|`);
  console.log(row('s until all are run', ({ seconds }) => seconds));
  console.log(row('runs/s', ({ seconds }) => COUNT / seconds));
  console.log(row('not run', ({ missing }) => missing));
  console.log(row('run twice', ({ twice }) => twice));
  console.log(`\n${describeMachine(true)}`);
} finally {
  await container?.stop({ timeout: 0 });
  rmSync(folders, { recursive: true, force: true });
}
