import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

type Values = Readonly<Record<string, string | undefined>>;

const NO_VALUES: Values = {};

/** A request's headers, names in lower case. Node joins one that was given twice, but for `set-cookie`. */
export const headersOf = (request: IncomingMessage): Values => request.headers as Values;

export const queryOf = ({ url = '' }: IncomingMessage): Values => {
  const mark = url.indexOf('?');
  return mark === -1 ? NO_VALUES : Object.fromEntries(new URLSearchParams(url.slice(mark)));
};

/** Answers a handshake with a plain HTTP response and hangs up. */
export const refuse = (socket: Duplex, status: number, message: string, retryAfterMs?: number): void => {
  const body = JSON.stringify({ message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterMs === undefined ? [] : [`Retry-After: ${Math.ceil(retryAfterMs / 1_000)}`]),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
};
