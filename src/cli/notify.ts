import { Command, Option } from 'commander';
import type * as z from 'zod';
import { notificationReceipt } from '../protocol/notifications.ts';
import { problem } from '../protocol/problem.ts';
import { CliError, EXIT } from './exit.ts';
import type { Target, TargetOptions } from './target.ts';
import { findTarget, tokenRefused, unreachable, withTarget } from './target.ts';

/** A server that has not answered by then is as good as none. */
const ANSWER_WITHIN_MS = 10_000;

interface NotifyOptions extends TargetOptions {
  readonly title: string;
  readonly body?: string;
  readonly data?: string;
  readonly category?: string;
  readonly priority?: string;
  readonly key?: string;
  readonly json?: boolean;
}

export const notifyCommand = (): Command =>
  withTarget(new Command('notify'))
    .description('Send a notification to one or more channels.')
    .argument('<channels...>', 'user:<id>, room:<name>, topic:<name> or broadcast')
    .requiredOption('-t, --title <text>', 'what it says first')
    .option('-b, --body <text>', 'what it says then')
    .option('-d, --data <json>', 'what a program may do with it')
    .option('-c, --category <name>', 'what kind it is, for preferences')
    .addOption(new Option('--priority <level>', 'how much it matters').choices(['low', 'normal', 'high']))
    .option('--key <key>', 'an Idempotency-Key: repeat the command with it, and it is sent once')
    .option('--json', 'print the answer as JSON; the default where the output is no terminal')
    .addHelpText(
      'after',
      `
  $ fanfare notify user:alice --title Shipped --body "It arrives on Tuesday" --data '{"orderId":42}'
  $ fanfare notify user:alice user:bob topic:news --title "We are live" --priority high`,
    )
    .action(notify);

const notify = async (to: readonly string[], options: NotifyOptions): Promise<void> => {
  const { title, body, category, priority, key } = options;
  const request = { to, title, body, category, priority, data: parseData(options.data) };
  const target = await findTarget(options);
  const receipt = await post(target, request, key);
  if (options.json ?? !process.stdout.isTTY) {
    console.log(JSON.stringify(receipt));
    return;
  }
  for (const { channel, offset } of receipt.channels) console.log(`${receipt.id}  ${channel}  #${offset}`);
};

const parseData = (text: string | undefined): unknown => {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError(`--data: expected JSON; ${(error as Error).message}`, EXIT.usage);
  }
};

const post = async ({ url, token }: Target, request: object, key: string | undefined) => {
  const response = await fetch(`${url}/v1/notifications`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  }).catch(error => {
    throw unreachable(url, error);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.status === 202) {
    const receipt = notificationReceipt.safeParse(answer);
    if (receipt.success) return receipt.data;
  }
  const known = problem.safeParse(answer);
  const detail = known.success
    ? explain(known.data)
    : `unexpected answer ${response.status}; is this Fanfare?`;
  if (response.status === 401) throw tokenRefused(url, detail);
  throw new CliError(detail, EXIT.failed);
};

const explain = ({ detail, errors = [] }: z.output<typeof problem>): string =>
  errors.length === 0 ? detail : errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
