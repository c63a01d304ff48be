import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** What becomes of a frame on its way from the server to the client: itself, none, several. */
export type Passage = (frame: string, connection: number) => readonly string[];

export interface FrameProxyOptions {
  /** As they are, unless told. */
  readonly passage?: Passage;
  /** ms that each takes from the server to the client. */
  readonly delayMs?: number;
}

/** Stands between sockets and a server that loses, doubles or reorders what it sends. Connections count from 0. */
export const aFrameProxy = async (target: string, { passage, delayMs }: FrameProxyOptions = {}) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'fanfare.v1' });
  await new Promise(resolve => server.once('listening', resolve));
  let connections = 0;
  server.on('connection', (client, request) => {
    const connection = connections++;
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/, */);
    const upstream = new WebSocket(`${target.replace(/^http/, 'ws')}/ws`, offered);
    const open = new Promise(resolve => upstream.once('open', resolve));
    client.on('message', data => void open.then(() => upstream.send(data.toString())));
    client.on('close', () => upstream.terminate());
    upstream.on('close', () => client.close());
    upstream.on('message', data => {
      const frames = passage?.(data.toString(), connection) ?? [data.toString()];
      const send = () => {
        for (const frame of frames) client.send(frame);
      };
      if (delayMs === undefined) send();
      else setTimeout(send, delayMs);
    });
  });
  return {
    socketUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`,
    /** The client's end is cut without a word. */
    cut: (): void => {
      for (const client of server.clients) client.terminate();
    },
    close: (): void => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
};
