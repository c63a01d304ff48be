/** `npm run bench`: our dev server beside its peers, over HTTP and WebSocket. What it measures and how fair: README.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCeiling } from './ceiling.ts';
import { describeMachine, pinThisProcess } from './machine.ts';
import { failures, type Run, report } from './report.ts';
import { connect } from './scenarios/connect.ts';
import { latency } from './scenarios/latency.ts';
import { memory } from './scenarios/memory.ts';
import type { Outcome, Scenario } from './scenarios/scenario.ts';
import { throughput } from './scenarios/throughput.ts';
import { ServerProcess } from './server-process.ts';
import { type Server, servers } from './servers.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'a,b,c,d' },
    servers: { type: 'string', default: Object.keys(servers).join(',') },
    repeat: { type: 'string', default: '3' },
    users: { type: 'string', default: '100' },
    json: { type: 'string' },
    profile: { type: 'boolean', default: false },
    ceiling: { type: 'boolean', default: false },
  },
});

/** A run that takes longer hangs: the slowest takes 15 s. */
const RUN_MS = 60_000;

const main = async (): Promise<void> => {
  const scenarios = chosen(options.only, [throughput, latency, memory, connect], scenario => scenario.letter);
  const entries = chosen(options.servers, Object.entries(servers), ([name]) => name);
  const repeat = count('repeat');
  const users = count('users');

  const contenders = await Promise.all(entries.map(([, make]) => make({ users })));
  const runs: Run[] = [];
  for (const scenario of scenarios) {
    for (let repetition = 1; repetition <= repeat; repetition++) {
      // Server by server and then again, so that a noisy minute of the machine hits all of them.
      for (const server of contenders) runs.push(await measure(scenario, server, repetition));
    }
  }

  const machine = describeMachine();
  const names = contenders.map(server => server.name);
  const failed = failures(runs);
  const loud = failed.map(line => `\n**${line}**`);
  console.log([report(scenarios, names, runs), '', machine, ...loud].join('\n'));
  if (options.json !== undefined) {
    mkdirSync(dirname(options.json), { recursive: true });
    writeFileSync(options.json, JSON.stringify({ machine, runs }, undefined, 2));
  }
  if (failed.length > 0) process.exitCode = 1;
};

const measure = async (scenario: Scenario, server: Server, repetition: number): Promise<Run> => {
  const outcome = await attempt(scenario, server, repetition).catch(
    (error: Error): Outcome => ({ values: [], faults: [`${error.message} ${error.cause ?? ''}`] }),
  );
  const numbers = scenario.metrics.map(({ name }, i) => `${name} ${outcome.values[i]?.toFixed(2) ?? '–'}`);
  console.error(`(${scenario.letter}) ${repetition} ${server.name}: ${numbers.join('; ')}`);
  return { scenario: scenario.letter, server: server.name, repetition, outcome };
};

const attempt = async (scenario: Scenario, server: Server, repetition: number): Promise<Outcome> => {
  const profiled = options.profile && server.name === 'fanfare';
  const profile = profiled ? `fanfare-${scenario.letter}-${repetition}.cpuprofile` : undefined;
  const running = await ServerProcess.start(server, profile);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const deadline = setTimeout(() => reject(new Error(`not done within ${RUN_MS} ms`)), RUN_MS);
  try {
    return await Promise.race([scenario.run(running), late]);
  } finally {
    clearTimeout(deadline);
    await running.stop();
  }
};

const count = (option: 'repeat' | 'users'): number => {
  const value = Number(options[option]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`--${option} takes 1 or more, not ${options[option]}`);
};

const chosen = <T>(wanted: string, all: readonly T[], key: (one: T) => string): T[] =>
  wanted.split(',').map(name => {
    const found = all.find(one => key(one) === name);
    if (found === undefined) throw new RangeError(`no '${name}'; there are ${all.map(key).join(', ')}`);
    return found;
  });

pinThisProcess();
if (options.ceiling) await measureCeiling();
else await main();
