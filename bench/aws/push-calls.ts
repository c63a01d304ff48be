import { setTimeout as sleep } from 'node:timers/promises';
import { CreatePlatformApplicationCommand, SNSClient } from '@aws-sdk/client-sns';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { GenericContainer, Wait } from 'testcontainers';
import { emulatorClient } from '../../src/composition/emulated-aws.ts';
import type { Counted } from './calls.ts';
import { callsTable, tally } from './calls.ts';
import { startWatchedEmulation } from './emulation.ts';
import type { Watched } from './watch-calls.ts';

export interface PushCounted {
  /** Of a notification to a user with one phone, whom no screen shows it. */
  readonly push: Counted['calls'];
  /** Of reading it elsewhere, which takes it back from the phone. */
  readonly withdrawal: Counted['calls'];
  /** How long the function ran that decided about it and told the phone, on the emulator. */
  readonly pushMs: number;
}

export const pushTable = ({ push, withdrawal, pushMs }: PushCounted): string =>
  [
    '**(c) Calls of a notification that is pushed to one phone, and of reading it elsewhere**, with a database',
    '',
    callsTable([
      ['notified and pushed', push],
      ['read, and taken back', withdrawal],
    ]),
    '',
    `The run of \`push\`: ${Math.round(pushMs)} ms on the emulator.`,
  ].join('\n');

const USER = 'alice';
/** Nothing more is told after so long; a push waits for a second before. */
const SETTLE_MS = 3_000;
const DEADLINE_MS = 60_000;

/** Calls of a push, by functions that have PostgreSQL, Valkey and an application of SNS, as deployed. */
export const countPushCalls = async (endpoint: string): Promise<PushCounted> => {
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const sns = new SNSClient(emulatorClient(endpoint));
  const Attributes = { PlatformCredential: 'credential', PlatformPrincipal: 'principal' };
  const [postgres, valkey, { PlatformApplicationArn = '' }] = await Promise.all([
    new PostgreSqlContainer('postgres:17').start(),
    new GenericContainer('valkey/valkey:8')
      .withExposedPorts(6_379)
      .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
      .start(),
    sns.send(new CreatePlatformApplicationCommand({ Name: 'calls', Platform: 'GCM', Attributes })),
  ]);
  const emulation = await startWatchedEmulation({
    endpoint,
    prefix: 'fanfare-bench-pushes',
    env: {
      FANFARE_POSTGRES_URL: postgres.getConnectionUri(),
      FANFARE_CATEGORIES: JSON.stringify({ default: { pushAfterSeconds: 1 } }),
    },
    functionEnv: {
      FANFARE_FCM_APPLICATION_ARN: PlatformApplicationArn,
      FANFARE_VALKEY_URL: `valkey://${valkey.getHost()}:${valkey.getMappedPort(6_379)}`,
    },
  });
  const token = await emulation.token(USER);
  const ask = async (response: Promise<Response>): Promise<unknown> => {
    const answer = await response;
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const post = (path: string, body: object): Promise<unknown> =>
    ask(
      fetch(`${emulation.url}/v1/users/${USER}/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
  /** Until SNS was told, and nothing more came for a while. */
  const done = async (begin: () => Promise<unknown>): Promise<readonly Watched[]> => {
    emulation.taken();
    await begin();
    const deadline = performance.now() + DEADLINE_MS;
    const told = () => emulation.watched.some(({ what }) => what === 'SNS.Publish');
    for (let before = -1; !told() || before !== emulation.watched.length; await sleep(SETTLE_MS)) {
      if (performance.now() > deadline) throw new Error('SNS was told of no push');
      before = emulation.watched.length;
    }
    return emulation.taken();
  };
  const notified = async (): Promise<string> => {
    const accepted = await ask(emulation.notify({ to: [`user:${USER}`], title: 'Shipped' }));
    return (accepted as { channels: [{ messageId: string }] }).channels[0].messageId;
  };
  try {
    await post('devices', { platform: 'fcm', token: `${'c'.repeat(22)}:${'t'.repeat(140)}` });
    // The phone's endpoint is made, and remembered, with the first.
    await done(notified);
    let message = '';
    const pushed = await done(async () => {
      message = await notified();
    });
    const run = pushed.find(({ kind, by }) => kind === 'invocation' && by === 'push');
    const withdrawn = await done(() => post(`inbox/${message}/read`, {}));
    return {
      push: tally(pushed),
      withdrawal: tally(withdrawn),
      pushMs: run === undefined ? Number.NaN : run.to - run.from,
    };
  } finally {
    await emulation.stop();
    sns.destroy();
    await Promise.all([postgres, valkey].map(container => container.stop({ timeout: 0 })));
  }
};
