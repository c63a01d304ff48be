import { Command, InvalidArgumentError } from 'commander';
import { CHANNEL_EXPECTED, isChannel } from '../domain/channel.ts';
import { parseDuration } from './duration.ts';
import { CliError, EXIT } from './exit.ts';
import type { Thresholds } from './load/report.ts';
import { asJson, asText, exceeded, progressLine } from './load/report.ts';
import { runLoad } from './load/run.ts';
import type { TargetOptions } from './target.ts';
import { findTarget, withTarget } from './target.ts';

/** Below API Gateway's 500 new connections a second. */
const DEFAULT_RAMP = 400;
const LONGEST_MS = 3_600_000;
/** One byte each: what one process can well keep an account of. */
const MOST_DELIVERIES = 500_000_000;
/** Their numbers have seven digits. */
const MOST_MESSAGES = 9_000_000;

interface LoadCommandOptions extends TargetOptions {
  readonly connections: number;
  readonly rate: number;
  readonly for: string;
  readonly ramp: number;
  readonly bytes: number;
  readonly channel?: string;
  readonly maxP99?: string;
  readonly maxLost: number;
  readonly maxDuplicated?: number;
  readonly maxDisordered?: number;
  readonly maxRefused: number;
  readonly json?: boolean;
}

export const loadCommand = (): Command =>
  withTarget(new Command('load'))
    .description(
      'Put a deployment under load: many sockets on one channel, and what each of them gets counted.',
    )
    .option('-c, --connections <n>', 'sockets that follow the channel', whole(1, 100_000), 100)
    .option('-r, --rate <n>', 'messages published a second', whole(1, 10_000), 10)
    .option('--for <duration>', 'how long to publish: 30s, 5m', '10s')
    .option('--ramp <n>', 'new connections a second; API Gateway takes 500', whole(1, 100_000), DEFAULT_RAMP)
    .option('--bytes <n>', 'filling that each message carries', whole(0, 30_000), 100)
    .option('--channel <name>', 'the channel; a fresh room without it')
    .option('--max-p99 <duration>', 'fail when the 99th percentile is above it: 200ms, 1s')
    .option('--max-lost <n>', 'fail when more deliveries are lost', whole(0, MOST_DELIVERIES), 0)
    .option('--max-duplicated <n>', 'fail when more come twice', whole(0, MOST_DELIVERIES))
    .option('--max-disordered <n>', 'fail when more come out of order', whole(0, MOST_DELIVERIES))
    .option('--max-refused <n>', 'fail when more messages are refused', whole(0, MOST_DELIVERIES), 0)
    .option('--json', 'print the result as JSON; the default where the output is no terminal')
    .addHelpText(
      'after',
      `
  $ fanfare load --connections 5000 --rate 50 --for 30s
  $ fanfare load -c 200 --for 5m --max-p99 200ms --json > load.json

The token has to allow subscribe and notify on the channel; an admin's does. Progress goes to
stderr. Exit code 1 says that a threshold was exceeded, or a connection could not be opened.`,
    )
    .action(load);

const load = async (options: LoadCommandOptions): Promise<void> => {
  const { connections, rate, ramp, bytes, channel } = options;
  const thresholds: Thresholds = {
    ...options,
    maxP99: options.maxP99 === undefined ? undefined : parseDuration('--max-p99', options.maxP99),
  };
  const durationMs = parseDuration('--for', options.for);
  if (durationMs > LONGEST_MS) throw new CliError('--for: expected an hour at the most', EXIT.usage);
  if ((connections * rate * durationMs) / 1e3 > MOST_DELIVERIES) {
    throw new CliError(`--for: expected ${MOST_DELIVERIES} deliveries at the most in one run`, EXIT.usage);
  }
  if ((rate * durationMs) / 1e3 > MOST_MESSAGES) {
    throw new CliError(`--rate: expected ${MOST_MESSAGES} messages at the most in one run`, EXIT.usage);
  }
  if (channel !== undefined && !isChannel(channel))
    throw new CliError(`--channel: ${CHANNEL_EXPECTED}`, EXIT.usage);
  const target = await findTarget(options);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const live = { target, connections, rate, durationMs, ramp, bytes, channel, signal: interrupted.signal };
  const result = await runLoad({ ...live, progress: progress => show(progressLine(progress)) });
  show('');
  const over = exceeded(result, thresholds);
  console.log((options.json ?? !process.stdout.isTTY) ? asJson(result, over) : asText(result));
  if (over.length > 0) throw new CliError(over.join('\n         '), EXIT.failed);
};

/** In place on a terminal; elsewhere a line each. */
const show = (line: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`);
  else if (line !== '') console.error(line);
};

const whole =
  (least: number, most: number) =>
  (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
  };
