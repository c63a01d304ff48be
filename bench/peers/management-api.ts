/**
 * Stands in for API Gateway's management API: every post is answered 200, as many ms later as it was started with. It
 * reads no more of a request than where it ends, so that it has no share in the limit.
 */
import { createServer, type Socket } from 'node:net';
import { port } from './http-endpoint.ts';

const delayMs = Number(process.argv[3] ?? 0);
const ANSWER = Buffer.from(
  'HTTP/1.1 200 OK\r\nx-amzn-requestid: 0a1b2c3d-0000-4000-8000-000000000000\r\ncontent-type: application/json\r\ncontent-length: 0\r\n\r\n',
);

/** Timers are late by up to 1 ms, a tenth of the delay; so the last of it is waited for by looking at the clock. */
const COARSE_MS = 2;
const due: { readonly at: number; readonly socket: Socket }[] = [];

const answerDue = (): void => {
  let next = due[0];
  while (next !== undefined && next.at <= performance.now()) {
    due.shift();
    next.socket.write(ANSWER);
    next = due[0];
  }
  if (next === undefined) return;
  const wait = next.at - performance.now() - COARSE_MS;
  if (wait > 0) setTimeout(answerDue, wait);
  else setImmediate(answerDue);
};

const answer = (socket: Socket, posted: boolean): void => {
  if (delayMs === 0 || !posted) return void socket.write(ANSWER);
  due.push({ at: performance.now() + delayMs, socket });
  if (due.length === 1) answerDue();
};

const server = createServer({ noDelay: true }, socket => {
  let received = '';
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (text: string) => {
    received += text;
    const head = received.indexOf('\r\n\r\n');
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(received)?.[1] ?? 0);
    if (head < 0 || received.length < head + 4 + length) return;
    const posted = received.startsWith('POST');
    received = '';
    answer(socket, posted);
  });
});
server.listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit());
