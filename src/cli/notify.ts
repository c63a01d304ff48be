import { Command, Option } from 'commander';
import { notificationReceipt } from '../protocol/notifications.ts';
import { ask } from './ask.ts';
import { CliError, EXIT } from './exit.ts';
import type { TargetOptions } from './target.ts';
import { findTarget, withTarget } from './target.ts';

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
  const headers = key === undefined ? undefined : { 'idempotency-key': key };
  const receipt = await ask(target, '/v1/notifications', { body: request, headers }, notificationReceipt);
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
