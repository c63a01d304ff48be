/**
 * No contender: at one `POST /publish` it writes ten thousand frames to every subscriber, 64 KB at a time, so that
 * writing costs it next to nothing and what is measured is how many frames the load process can take.
 */
import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { createEndpoint, port } from './http-endpoint.ts';

const MESSAGES = 10_000;
const CHUNK = 64 * 1024;
const subscribers = new Set<Duplex>();

/** @param text 126 to 65,535 bytes of ASCII, or up to 125 */
const frame = (text: string): Buffer => {
  const head = text.length < 126 ? [0x81, text.length] : [0x81, 126, text.length >> 8, text.length & 255];
  return Buffer.concat([Buffer.from(head), Buffer.from(text)]);
};

/** As long as what Fanfare sends for 200 bytes of data. */
const envelope = '"channel":"room:bench","messageId":"'.padEnd(280, '0');
const pad = 'x'.repeat(178);
const all = Buffer.concat(
  Array.from({ length: MESSAGES }, (_, i) =>
    frame(`{"type":"message",${envelope}","data":{"n":${1_000_000 + i},"pad":"${pad}"}}`),
  ),
);

const pour = async (socket: Duplex): Promise<void> => {
  for (let at = 0; at < all.length; at += CHUNK) {
    if (!socket.write(all.subarray(at, at + CHUNK)))
      await new Promise(drained => socket.once('drain', drained));
  }
};

const server = createEndpoint(() => {
  for (const socket of subscribers) void pour(socket);
});

server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.once('data', () => {
    subscribers.add(socket);
    socket.write(frame('subscribed'));
  });
  socket.on('error', () => subscribers.delete(socket));
});

server.listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit());
