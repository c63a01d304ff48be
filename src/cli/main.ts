import { Command, CommanderError } from 'commander';
import { ConfigError } from '../composition/config-error.ts';
import { VERSION } from '../composition/version.ts';
import { devCommand } from './dev.ts';
import { CliError, EXIT } from './exit.ts';
import { explainCommand } from './explain.ts';
import { loadCommand } from './load.ts';
import { migrateCommand } from './migrate.ts';
import { notifyCommand } from './notify.ts';
import { redriveCommand } from './redrive.ts';
import { tailCommand } from './tail.ts';
import { tokenCommand } from './token.ts';
import { vapidCommand } from './vapid.ts';

const program = new Command('fanfare')
  .description(
    'Notifications and real-time messages: a server for your laptop, and a hand on any deployment.',
  )
  .version(VERSION)
  .addCommand(devCommand())
  .addCommand(tokenCommand())
  .addCommand(notifyCommand())
  .addCommand(tailCommand())
  .addCommand(explainCommand())
  .addCommand(redriveCommand())
  .addCommand(loadCommand())
  .addCommand(migrateCommand())
  .addCommand(vapidCommand())
  .addHelpText(
    'after',
    `
Begin with:
  $ fanfare dev                                      a server on http://127.0.0.1:8080
  $ fanfare notify user:alice --title Shipped        in another terminal

notify, tail, explain, redrive and load talk to the deployment that --url and --token (or FANFARE_URL
and FANFARE_TOKEN) name; without them, to the dev server on this machine.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage or configuration,
            3 no server reached, 4 token refused.`,
  );
for (const command of [program, ...program.commands]) {
  command.exitOverride().configureOutput({ outputError: (text, write) => write(inOneLine(text)) });
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

/** What commander says, as we say the rest. */
function inOneLine(text: string): string {
  return `${text
    .trim()
    .replace(/^error: /, 'fanfare: ')
    .replaceAll('\n', ' ')}\n`;
}

/** One line for what went wrong. @returns the exit code */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage; // said by commander
  if (error instanceof CliError) {
    console.error(`fanfare: ${error.message}`);
    return error.exitCode;
  }
  if (error instanceof ConfigError) {
    for (const problem of error.problems) console.error(`fanfare: ${problem}`);
    return EXIT.usage;
  }
  console.error(error);
  return EXIT.failed;
}
