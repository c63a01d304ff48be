/** `node bench/resume/run.ts`: many clients that were away come back. What it measures, and how fair: ../README.md. */
import { parseArgs } from 'node:util';
import { describeMachine, pinThisProcess } from '../machine.ts';
import { spread } from '../report.ts';
import { ServerProcess } from '../server-process.ts';
import { type Server, servers } from '../servers.ts';
import { fanfareDialect, socketIoDialect } from './dialects.ts';
import type { Dialect } from './resumer.ts';
import { Resumer } from './resumer.ts';

const { values: options } = parseArgs({ options: { repeat: { type: 'string', default: '3' } } });

const CLIENTS = 1_000;
const MISSED = 100;
/** Handshakes under way at a time. */
const IN_FLIGHT = 64;
const GIVE_UP_MS = 10_000;
const PAD = 'x'.repeat(180);

interface Outcome {
  /** From the first that dials until all are level. */
  readonly levelMs: number;
  readonly lost: number;
  readonly duplicated: number;
}

interface Contender {
  readonly server: Server;
  readonly dialect: Dialect;
}

/** Everyone is there, all are cut, messages are sent, and all come back; where asked, to a server that began anew. */
const measure = async ({ server, dialect }: Contender, restart: boolean): Promise<Outcome> => {
  let running = await ServerProcess.start(server);
  try {
    const clients = Array.from({ length: CLIENTS }, (_, index) => new Resumer(index, dialect));
    await each(clients, client => client.connect(running.port));
    // Warm, and everyone has a place to go on from.
    await publish(running, 1, 51);
    await Promise.all(clients.map(client => client.has(50, GIVE_UP_MS)));
    for (const client of clients) client.lose();
    if (restart) {
      await running.stop();
      running = await ServerProcess.start(server);
    }
    await publish(running, 51, 51 + MISSED);
    const begin = performance.now();
    await each(clients, async client => {
      await client.connect(running.port);
    });
    await Promise.all(clients.map(client => client.has(50 + MISSED, restart ? 2_000 : GIVE_UP_MS)));
    const levelMs = performance.now() - begin;
    const counts = clients.flatMap(({ memory }) => [...memory.got.values()]);
    for (const client of clients) client.lose();
    return {
      levelMs,
      lost: CLIENTS * (50 + MISSED) - counts.length,
      duplicated: counts.filter(times => times > 1).length,
    };
  } finally {
    await running.stop();
  }
};

const each = async (clients: readonly Resumer[], act: (client: Resumer) => Promise<void>): Promise<void> => {
  const left = [...clients];
  const work = async () => {
    for (let client = left.pop(); client; client = left.pop()) await act(client);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
};

const publish = async ({ port, server }: ServerProcess, from: number, to: number): Promise<void> => {
  const { path, headers, body } = server.publish;
  const given = Object.fromEntries(headers.map(header => header.split(/: (.*)/).slice(0, 2)));
  for (let n = from; n < to; n++) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: given,
      body: body(JSON.stringify({ n, pad: PAD })),
    });
    await answer.arrayBuffer();
    if (answer.status !== 202) throw new Error(`${server.name} answered ${answer.status}`);
  }
};

const main = async (): Promise<void> => {
  const fanfare = await servers.fanfare({ users: 100 });
  const socketIo = await servers['socket.io']();
  const contenders: Contender[] = [
    { server: fanfare, dialect: fanfareDialect(fanfare.conversation) },
    { server: recovering(socketIo), dialect: socketIoDialect },
  ];
  const outcomes = new Map<string, Outcome[]>();
  for (const restart of [false, true]) {
    for (let repetition = 1; repetition <= Number(options.repeat); repetition++) {
      for (const contender of contenders) {
        const outcome = await measure(contender, restart);
        const name = `${contender.server.name} | ${restart ? 'a restart' : 'a cut'}`;
        outcomes.set(name, [...(outcomes.get(name) ?? []), outcome]);
        console.error(`${name} ${repetition}: ${JSON.stringify(outcome)}`);
      }
    }
  }
  console.log(`${CLIENTS} clients × ${MISSED} missed messages; median (min..max)\n`);
  console.log('| server | away over | all level after, ms | messages/s | lost | duplicated |');
  console.log('|---|---|--:|--:|--:|--:|');
  for (const [name, runs] of outcomes) console.log(row(name, runs));
  console.log(`\n${describeMachine()}`);
};

const row = (name: string, runs: readonly Outcome[]): string => {
  const of = (value: (outcome: Outcome) => number) => spread(runs.map(value).sort((a, b) => a - b));
  const complete = runs.every(({ lost }) => lost === 0);
  const level = complete ? of(({ levelMs }) => levelMs) : '–';
  const rate = complete ? of(({ levelMs }) => (CLIENTS * MISSED * 1e3) / levelMs) : '–';
  return `| ${name} | ${level} | ${rate} | ${of(({ lost }) => lost)} | ${of(({ duplicated }) => duplicated)} |`;
};

const recovering = (server: Server): Server => ({
  ...server,
  command: port => server.command(port).map(part => part.replace('socket-io.ts', 'socket-io-recovery.ts')),
});

pinThisProcess();
await main();
