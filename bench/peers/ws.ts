/** The plain loop that every WebSocket tutorial ends with: a Set of sockets and a send to each. */
import { type WebSocket, WebSocketServer } from 'ws';
import { createEndpoint, port } from './http-endpoint.ts';

const subscribers = new Set<WebSocket>();

const server = createEndpoint(body => {
  for (const socket of subscribers) socket.send(body, { binary: false });
});

new WebSocketServer({ server }).on('connection', socket => {
  socket.on('message', () => {
    subscribers.add(socket);
    socket.send('subscribed');
  });
  socket.on('close', () => subscribers.delete(socket));
  socket.on('error', () => subscribers.delete(socket));
});

server.listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit());
