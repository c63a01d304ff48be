import { Command } from 'commander';
import { sentenceOf } from '../domain/trail-sentence.ts';
import type { TrailEntryView } from '../protocol/trail.ts';
import { trailView } from '../protocol/trail.ts';
import { ask } from './ask.ts';
import { CliError, EXIT } from './exit.ts';
import type { Target, TargetOptions } from './target.ts';
import { findTarget, withTarget } from './target.ts';

interface ExplainOptions extends TargetOptions {
  readonly user?: string;
  readonly timeZone?: string;
  readonly json?: boolean;
}

export const explainCommand = (): Command =>
  withTarget(new Command('explain'))
    .description('Tell what became of a notification, and why: a line for each step.')
    .argument('<id>', 'of the notification, as notify printed it')
    .option('-u, --user <id>', 'what concerns this user alone')
    .option('--time-zone <name>', "by whose clock; this machine's without it")
    .option('--json', 'print the entries as JSON, one a line')
    .addHelpText(
      'after',
      `
  $ fanfare explain ntf_01k9zq3v5e8w2 --user alice`,
    )
    .action(explain);

const explain = async (id: string, options: ExplainOptions): Promise<void> => {
  const timeZone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  requireTimeZone(timeZone);
  const entries = await trailOf(await findTarget(options), id, options.user);
  if (options.json) {
    for (const entry of entries) console.log(JSON.stringify(entry));
    return;
  }
  for (const line of timeline(entries, timeZone)) console.log(line);
};

/** All of it, page by page. */
const trailOf = async (
  target: Target,
  id: string,
  user: string | undefined,
): Promise<readonly TrailEntryView[]> => {
  const entries: TrailEntryView[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ ...(user && { user }), ...(cursor && { cursor }) });
    const page = await ask(target, `/v1/notifications/${encodeURIComponent(id)}?${query}`, {}, trailView);
    entries.push(...page.entries);
    cursor = page.next;
  } while (cursor !== undefined);
  return entries;
};

/** When, how long after the first, and what. */
const timeline = (entries: readonly TrailEntryView[], timeZone: string): readonly string[] => {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  });
  const began = Date.parse(entries[0]?.at ?? '');
  return entries.map(entry => {
    const { at, user } = entry;
    const after = ((Date.parse(at) - began) / 1_000).toFixed(1);
    const sentence = sentenceOf(entry, { user, at, timeZone });
    return `${clock.format(new Date(at))}  ${`+${after} s`.padStart(9)}  ${sentence}`;
  });
};

const requireTimeZone = (timeZone: string): void => {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone });
  } catch {
    throw new CliError(
      `--time-zone: expected a name such as Europe/Berlin, found ${JSON.stringify(timeZone)}`,
      EXIT.usage,
    );
  }
};
