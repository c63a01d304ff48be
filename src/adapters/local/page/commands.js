// @ts-check

/**
 * @typedef {{ to: string[], title: string, body?: string, data?: unknown, category?: string,
 *   priority?: 'low' | 'normal' | 'high' }} Request
 */

/** Where the `fanfare` command looks without being told. */
const DEFAULT_ORIGINS = new Set(['http://localhost:8080', 'http://127.0.0.1:8080']);

/**
 * The request as a call of curl. The token stays in the shell's environment.
 * @param {Request} request
 * @param {string} origin
 */
export const curlCommand = (request, origin) =>
  [
    `curl ${origin}/v1/notifications`,
    '-H "Authorization: Bearer $FANFARE_TOKEN"',
    '-H "Idempotency-Key: $(uuidgen)"',
    "-H 'Content-Type: application/json'",
    `-d ${quote(JSON.stringify(request))}`,
  ].join(' \\\n  ');

/**
 * The request as a call of the `fanfare` command, which reads FANFARE_TOKEN itself.
 * @param {Request} request
 * @param {string} origin
 */
export const cliCommand = ({ to, title, body, data, category, priority }, origin) =>
  [
    `npx fanfare notify ${to.map(quote).join(' ')}`,
    ...option('title', title),
    ...option('body', body),
    ...option('category', category),
    ...option('priority', priority),
    ...option('data', data === undefined ? undefined : JSON.stringify(data)),
    ...option('url', DEFAULT_ORIGINS.has(origin) ? undefined : origin),
  ].join(' \\\n  ');

/**
 * @param {string} name
 * @param {string} [value]
 */
const option = (name, value) => (value === undefined ? [] : [`--${name} ${quote(value)}`]);

/**
 * One word for a POSIX shell.
 * @param {string} word
 */
const quote = word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
