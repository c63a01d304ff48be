/** Socket.IO with its connection-state recovery, as its documentation has it. */
import { Server } from 'socket.io';
import { createEndpoint, port } from './http-endpoint.ts';

const server = createEndpoint(body => {
  io.to('bench').emit('message', JSON.parse(body.toString()));
});

const io = new Server(server, {
  transports: ['websocket'],
  serveClient: false,
  connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: true },
});
io.on('connection', socket => {
  if (!socket.recovered) void socket.join('bench');
});

server.listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit());
