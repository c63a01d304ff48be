import type { Logger as Pino } from 'pino';
import { pino } from 'pino';
import type { LogFields, Logger } from '../../ports/logger.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** One line of JSON per event, to stderr, so that stdout stays the command's own. */
export class PinoLogger implements Logger {
  readonly #pino: Pino;

  constructor(options: { readonly level: LogLevel }) {
    this.#pino = pino(
      {
        level: options.level,
        base: null,
        messageKey: 'event',
        formatters: { level: label => ({ level: label }) },
      },
      pino.destination({ dest: 2, sync: true }),
    );
  }

  debug(event: string, fields?: LogFields): void {
    this.#pino.debug(fields, event);
  }

  info(event: string, fields?: LogFields): void {
    this.#pino.info(fields, event);
  }

  warn(event: string, fields?: LogFields): void {
    this.#pino.warn(fields, event);
  }

  error(event: string, fields?: LogFields): void {
    this.#pino.error(fields, event);
  }
}
