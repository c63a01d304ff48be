import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { causeOf } from '../../domain/errors.ts';
import type { Logger } from '../../ports/logger.ts';
import type { HttpApp } from '../http/app.ts';
import { refuse } from './gateway/handshake.ts';
import type { LocalGateway } from './gateway/local-gateway.ts';
import { ManagementApi } from './gateway/management-api.ts';

/** Longer than the idle timeouts of common clients and proxies (60 s), so that they close first, not we. */
const KEEP_ALIVE_MS = 65_000;
const POLL_MS = 10;

const SOCKET_PATH = '/ws';

export interface DevServerParts {
  readonly app: HttpApp;
  readonly gateway: LocalGateway;
  readonly managementApi: ManagementApi;
  readonly logger: Logger;
}

/** Everything on one port: `/ws` the sockets, `/@connections` the management API, the rest is the HTTP app's. */
export class DevServer {
  readonly #parts: DevServerParts;
  readonly #server: Server;
  #answering = 0;
  #ended = false;

  constructor(parts: DevServerParts) {
    this.#parts = parts;
    const answer = getRequestListener(parts.app.fetch);
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      this.#answering += 1;
      if (!this.#server.listening) response.setHeader('connection', 'close'); // stopping: this answer is the last
      response.once('close', () => {
        this.#answering -= 1;
      });
      if (ManagementApi.handles(request.url)) void this.#manage(request, response);
      else void answer(request, response);
    });
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** @returns the port, which is the system's choice where 0 was asked for. Rejects with the system's error. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no new connection, and resolves once every request is answered, or after `budgetMs`. */
  async stopAccepting(budgetMs: number): Promise<void> {
    this.#server.close(() => {
      this.#ended = true;
    });
    this.#server.closeIdleConnections();
    await until(() => this.#answering === 0, budgetMs);
  }

  /** Resolves once every connection and socket has ended, or after `budgetMs`. */
  async ended(budgetMs: number): Promise<void> {
    this.#server.closeIdleConnections();
    await until(() => this.#ended, budgetMs);
  }

  /** Ends every connection that is left. */
  destroy(): void {
    this.#server.closeAllConnections();
  }

  async #manage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#parts.managementApi.handle(request, response);
    } catch (error) {
      this.#parts.logger.error('management.failed', { cause: causeOf(error) });
      response.writeHead(500).end();
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (request.url?.split('?', 1)[0] === SOCKET_PATH)
      void this.#parts.gateway.upgrade(request, socket, head);
    else refuse(socket, 404, `the socket is at ${SOCKET_PATH}`);
  }
}

const until = async (holds: () => boolean, budgetMs: number): Promise<void> => {
  const deadline = performance.now() + budgetMs;
  while (!holds() && performance.now() < deadline) await new Promise(resolve => setTimeout(resolve, POLL_MS));
};
