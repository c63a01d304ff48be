import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Handshake {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly sourceIp: string;
}

/** What API Gateway would put into the `$connect` event. A header given twice is joined as HTTP allows. */
export const describeHandshake = (request: IncomingMessage): Handshake => {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const search = request.url?.split('?', 2)[1] ?? '';
  const query = Object.fromEntries(new URLSearchParams(search));
  return { headers, query, sourceIp: request.socket.remoteAddress ?? '' };
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
