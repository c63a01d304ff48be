/** What is said about one event. No token, secret or payload belongs here. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One structured line per event. Never throws. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
