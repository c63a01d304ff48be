import { Command, InvalidArgumentError } from 'commander';
import type * as z from 'zod';
import { REDRIVE_LIMIT } from '../domain/delivery.ts';
import { deadLettersView, redriveReceipt } from '../protocol/dead-letters.ts';
import { deadPushesView } from '../protocol/dead-pushes.ts';
import { ask } from './ask.ts';
import type { TargetOptions } from './target.ts';
import { findTarget, withTarget } from './target.ts';

interface RedriveOptions extends TargetOptions {
  readonly limit: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly pushes?: boolean;
}

export const redriveCommand = (): Command =>
  withTarget(new Command('redrive'))
    .description('Give deliveries that were given up another try: put dead letters back into the queue.')
    .option('-n, --limit <n>', 'put back so many at the most, the oldest first', parseLimit, 10_000)
    .option('--dry-run', `show the oldest, at the most ${REDRIVE_LIMIT}, and put none back`)
    .option('--pushes', 'pushes to phones and browsers, in the place of deliveries to screens')
    .option('--json', 'print the answer as JSON; the default where the output is no terminal')
    .addHelpText(
      'after',
      `
  $ fanfare redrive --dry-run
  $ fanfare redrive --limit 10
  $ fanfare redrive --pushes`,
    )
    .action(redrive);

const parseLimit = (text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 1 to 999999');
};

const redrive = async (options: RedriveOptions): Promise<void> => {
  const target = await findTarget(options);
  const json = options.json ?? !process.stdout.isTTY;
  if (options.dryRun) {
    const limit = Math.min(options.limit, REDRIVE_LIMIT);
    const query = `?limit=${limit}`;
    if (options.pushes) printPushes(await ask(target, `/v1/dead-pushes${query}`, {}, deadPushesView), json);
    else print(await ask(target, `/v1/dead-letters${query}`, {}, deadLettersView), json);
    return;
  }
  const path = `/v1/${options.pushes ? 'dead-pushes' : 'dead-letters'}/redrive`;
  let redriven = 0;
  for (let full = true; full && redriven < options.limit; ) {
    const limit = Math.min(options.limit - redriven, REDRIVE_LIMIT);
    const answer = await ask(target, path, { body: { limit } }, redriveReceipt);
    redriven += answer.redriven;
    full = answer.redriven === limit;
  }
  console.log(json ? JSON.stringify({ redriven }) : `${redriven} put back`);
};

const print = (page: z.output<typeof deadLettersView>, json: boolean): void => {
  if (json) {
    console.log(JSON.stringify(page));
    return;
  }
  for (const { failedAt, channel, offset, connections, cause } of page.deadLetters) {
    console.log(`${failedAt}  ${channel}  #${offset}  ${connections} connections  ${cause}`);
  }
  console.log(page.complete ? `${page.deadLetters.length} dead letters` : 'and more');
};

const printPushes = (page: z.output<typeof deadPushesView>, json: boolean): void => {
  if (json) {
    console.log(JSON.stringify(page));
    return;
  }
  for (const { failedAt, user, deviceId = '', cause } of page.deadPushes)
    console.log(`${failedAt}  ${user}  ${deviceId}  ${cause}`);
  console.log(page.complete ? `${page.deadPushes.length} pushes` : 'and more');
};
