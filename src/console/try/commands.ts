export interface Notification {
  readonly to: readonly string[];
  readonly title: string;
  readonly body?: string;
  readonly data?: unknown;
  readonly category?: string;
  readonly priority?: 'low' | 'high';
}

/** Where the `fanfare` command looks without being told. */
const DEFAULT_ORIGINS: ReadonlySet<string> = new Set(['http://localhost:8080', 'http://127.0.0.1:8080']);

/** The request as a call of curl. The token stays in the shell's environment. */
export const curlCommand = (request: Notification, origin: string): string =>
  [
    `curl ${origin}/v1/notifications`,
    '-H "Authorization: Bearer $FANFARE_TOKEN"',
    '-H "Idempotency-Key: $(uuidgen)"',
    "-H 'Content-Type: application/json'",
    `-d ${quote(JSON.stringify(request))}`,
  ].join(' \\\n  ');

/** The request as a call of the `fanfare` command, which reads FANFARE_TOKEN itself. */
export const cliCommand = (
  { to, title, body, data, category, priority }: Notification,
  origin: string,
): string =>
  [
    `npx fanfare notify ${to.map(quote).join(' ')}`,
    ...option('title', title),
    ...option('body', body),
    ...option('category', category),
    ...option('priority', priority),
    ...option('data', data === undefined ? undefined : JSON.stringify(data)),
    ...option('url', DEFAULT_ORIGINS.has(origin) ? undefined : origin),
  ].join(' \\\n  ');

const option = (name: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`--${name} ${quote(value)}`];

/** One word for a POSIX shell. */
const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
