import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { WebSocket } from 'ws';
import type { ConnectEvent, ConnectResult } from '../../src/adapters/local/gateway/gateway-events.ts';
import { LocalGateway } from '../../src/adapters/local/gateway/local-gateway.ts';
import { ManagementApi } from '../../src/adapters/local/gateway/management-api.ts';
import type { GatewayQuotas, SlowReaderLimits } from '../../src/adapters/local/gateway/quotas.ts';
import { AWS_QUOTAS, DEFAULT_SLOW_READER_LIMITS } from '../../src/adapters/local/gateway/quotas.ts';
import type { ManagementAccess } from '../../src/adapters/local/gateway/signature.ts';
import { SignatureCheck } from '../../src/adapters/local/gateway/signature.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryRateLimiter } from '../../src/adapters/local/memory-rate-limiter.ts';
import type { ConnectionId } from '../../src/domain/ids.ts';
import { RecordingLogger, RecordingMetrics } from './fakes.ts';

export interface RigOptions {
  readonly quotas?: Partial<GatewayQuotas>;
  readonly slowReader?: Partial<SlowReaderLimits>;
  readonly access?: ManagementAccess;
  readonly connect?: (event: ConnectEvent) => ConnectResult | Promise<ConnectResult>;
  readonly message?: (text: string) => string | undefined | Promise<string | undefined>;
}

/** One client's socket, and everything that it was sent. */
export interface Client {
  readonly id: ConnectionId;
  readonly socket: WebSocket;
  readonly received: string[];
  /** The next text that has not been asked for yet. */
  next(): Promise<string>;
  /** How the socket was closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** The local gateway on a real port, with a manual clock and scripted integrations. */
export const aGatewayRig = async (options: RigOptions = {}) => {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const metrics = new RecordingMetrics();
  const limiter = new MemoryRateLimiter({ clock });
  const quotas = { ...AWS_QUOTAS, ...options.quotas };
  const slowReader = { ...DEFAULT_SLOW_READER_LIMITS, ...options.slowReader };
  const gateway = new LocalGateway({ clock, limiter, logger, metrics }, { quotas, slowReader });
  const signature = new SignatureCheck(options.access ?? { kind: 'open' }, () => Date.now());
  const managementApi = new ManagementApi({ gateway, limiter, quotas, signature });
  const connects: ConnectEvent[] = [];
  const disconnects: ConnectionId[] = [];
  gateway.open({
    connect: async event => {
      connects.push(event);
      return (await options.connect?.(event)) ?? { statusCode: 200 };
    },
    message: async (_id, text) => options.message?.(text),
    disconnect: async id => {
      disconnects.push(id);
    },
  });

  const server = createServer((request, response) => void managementApi.handle(request, response));
  server.on('upgrade', (request, socket, head) => void gateway.upgrade(request, socket, head));
  const port = await listen(server);
  const sockets: WebSocket[] = [];
  let marks = 0;

  const dial = (protocols: string[] = [], headers: Record<string, string> = {}): WebSocket => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, protocols, { headers });
    sockets.push(socket);
    return socket;
  };

  return {
    clock,
    logger,
    metrics,
    gateway,
    port,
    connects,
    disconnects,
    dial,
    /** Opens a socket and waits until it is open on both sides. */
    connect: async (protocols: string[] = [], headers: Record<string, string> = {}): Promise<Client> => {
      const mark = String(++marks);
      const socket = dial(protocols, { ...headers, 'x-mark': mark });
      const client = observe(socket);
      await client.opened;
      const event = connects.find(({ headers }) => headers['x-mark'] === mark);
      if (event === undefined) throw new Error('no $connect was seen');
      return { ...client, id: event.connectionId };
    },
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.terminate();
      await gateway.shutdown();
      gateway.terminate();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
};

/** Opens rigs that are closed when their test ends. */
export const gatewayRigs = () => {
  const rigs: Awaited<ReturnType<typeof aGatewayRig>>[] = [];
  afterEach(async () => {
    for (const rig of rigs.splice(0)) await rig.close();
  });
  return async (options?: RigOptions) => {
    const rig = await aGatewayRig(options);
    rigs.push(rig);
    return rig;
  };
};

const observe = (socket: WebSocket) => {
  const received: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  let read = 0;
  socket.on('message', data => {
    const text = data.toString();
    received.push(text);
    const waiter = waiting.shift();
    if (waiter === undefined) return;
    read += 1;
    waiter(text);
  });
  const closed = new Promise<{ code: number; reason: string }>(resolve => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.on('error', reject);
  });
  const next = (): Promise<string> => {
    const text = received[read];
    if (text === undefined) return new Promise(resolve => waiting.push(resolve));
    read += 1;
    return Promise.resolve(text);
  };
  return { socket, received, next, closed, opened };
};

/** The status that a handshake was refused with. */
export const refusalOf = (socket: WebSocket): Promise<number> =>
  new Promise((resolve, reject) => {
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.once('open', () => reject(new Error('the handshake was accepted')));
    socket.on('error', () => undefined);
  });

const listen = (server: Server): Promise<number> =>
  new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
