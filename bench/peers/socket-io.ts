/** Socket.IO as its documentation has it: a room, joined on request, and an emit to it. */
import { Server } from 'socket.io';
import { createEndpoint, port } from './http-endpoint.ts';

const server = createEndpoint(body => {
  io.to('bench').emit('message', JSON.parse(body.toString()));
});

const io = new Server(server, { transports: ['websocket'], serveClient: false });
io.on('connection', socket => {
  socket.on('subscribe', (room: string, done: () => void) => {
    void socket.join(room);
    done();
  });
});

server.listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit());
