import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { DeliveryFailure } from '../../../domain/delivery.ts';
import { causeOf } from '../../../domain/errors.ts';
import type { ConnectionId } from '../../../domain/ids.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { ConnectionGateway, ConnectionState } from '../../../ports/connection-gateway.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { Metrics } from '../../../ports/metrics.ts';
import type { RateDecision, RateLimiter } from '../../../ports/rate-limiter.ts';
import { Batch } from './batch.ts';
import { newConnectionId } from './connection-ids.ts';
import { Deadlines } from './deadlines.ts';
import { CLOSE, textFrame } from './frame.ts';
import type { ConnectResult, GatewayEvents } from './gateway-events.ts';
import type { SocketHost } from './gateway-socket.ts';
import { GatewaySocket } from './gateway-socket.ts';
import { headersOf, queryOf, refuse } from './handshake.ts';
import type { GatewayQuotas, SlowReaderLimits } from './quotas.ts';

export interface LocalConnectionState extends ConnectionState {
  readonly sourceIp: string;
  readonly userAgent: string;
}

/**
 * API Gateway's WebSocket side on a laptop, as a ConnectionGateway.
 *
 * A payload is framed once for all its receivers. What is posted within one turn of the event loop leaves in one write
 * per socket, so that an idle server sends at once and a busy one sends more with each write.
 */
export class LocalGateway implements ConnectionGateway {
  readonly #ports: LocalGatewayPorts;
  readonly #host: SocketHost;
  readonly #deadlines: Deadlines;
  readonly #sockets = new Map<ConnectionId, GatewaySocket>();
  /** Accepted by `connect`, handshake not finished. */
  readonly #opening = new Set<ConnectionId>();
  /** Told to close, and waiting for the client's answer. */
  readonly #closing = new Set<GatewaySocket>();
  readonly #server: WebSocketServer;
  #events: GatewayEvents | undefined;
  #subprotocol: string | undefined;
  #dirty: GatewaySocket[] = [];
  #emptyBatch = Batch.root();
  readonly #disconnects = new Set<Promise<void>>();
  #draining = false;

  constructor(ports: LocalGatewayPorts, limits: { quotas: GatewayQuotas; slowReader: SlowReaderLimits }) {
    this.#ports = ports;
    this.#deadlines = new Deadlines(ports.clock);
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: limits.quotas.messageBytes,
      handleProtocols: offered => {
        const chosen = this.#subprotocol;
        return chosen !== undefined && offered.has(chosen) ? chosen : false;
      },
    });
    this.#host = {
      ...limits,
      now: () => ports.clock.now(),
      emptyBatch: () => this.#emptyBatch,
      dirty: socket => this.#schedule(socket),
      answer: (socket, text) => this.#answer(socket, text),
      closed: (socket, code) => this.#closed(socket, code),
      ended: socket => this.#closing.delete(socket),
    };
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** From here on, handshakes are accepted, and what happens on the sockets goes to `events`. */
  open(events: GatewayEvents): void {
    this.#events = events;
  }

  /** Answers an HTTP upgrade; the socket is the gateway's from here. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', destroyIt);
    const events = this.#events;
    if (events === undefined || this.#draining) return refuse(socket, 503, 'the server is shutting down');
    const decision = await this.#takeConnect();
    if (!decision.allowed) return refuse(socket, 429, 'too many new connections', decision.retryAfterMs);

    const id = newConnectionId();
    this.#opening.add(id);
    try {
      const headers = headersOf(request);
      const connectedAt = this.#ports.clock.now();
      const result = await events.connect({
        connectionId: id,
        connectedAt,
        headers,
        query: queryOf(request),
        get sourceIp() {
          return request.socket.remoteAddress ?? ''; // a system call, for those who ask
        },
      });
      if (result.statusCode !== 200) return refuse(socket, result.statusCode, result.message ?? 'refused');
      this.#finish(request, socket, head, result, { id, userAgent: headers['user-agent'] ?? '' });
      if (!this.#sockets.has(id)) this.#notifyDisconnect(id, CLOSE.abnormal);
    } catch (error) {
      this.#fail('connect', error);
      refuse(socket, 502, 'the connect integration failed');
    } finally {
      this.#opening.delete(id);
    }
  }

  async post(
    payload: Uint8Array,
    connectionIds: readonly ConnectionId[],
  ): Promise<readonly DeliveryFailure[]> {
    if (payload.length > this.#host.quotas.messageBytes) {
      const cause = `the payload is over ${this.#host.quotas.messageBytes} bytes`;
      return connectionIds.map(connectionId => ({ connectionId, reason: 'failed', cause }));
    }
    const frame = textFrame(payload);
    const now = this.#ports.clock.now();
    const failures: DeliveryFailure[] = [];
    for (const connectionId of connectionIds) {
      const socket = this.#sockets.get(connectionId);
      if (socket?.offer(frame, now)) continue;
      const later = socket !== undefined || this.#opening.has(connectionId);
      failures.push({ connectionId, reason: later ? 'throttled' : 'gone' });
    }
    return failures;
  }

  async find(id: ConnectionId): Promise<LocalConnectionState | undefined> {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return undefined;
    const { connectedAt, lastActiveAt, sourceIp, userAgent } = socket;
    return { connectedAt, lastActiveAt, sourceIp, userAgent };
  }

  async close(id: ConnectionId, why: 'normal' | 'policy' = 'normal'): Promise<boolean> {
    const socket = this.#sockets.get(id);
    if (why === 'policy') socket?.close(CLOSE.policyViolation, 'Too many frames');
    else socket?.close(CLOSE.normal, 'Connection Closed Normally');
    return socket !== undefined;
  }

  /** Refuses new connections, closes all others 1001, and waits until their ends are known to the service. */
  async shutdown(): Promise<void> {
    this.#draining = true;
    for (const socket of [...this.#sockets.values()]) socket.close(CLOSE.goingAway, 'Server shutting down');
    await Promise.all(this.#disconnects);
    this.#deadlines.stop();
  }

  /** Ends at once every socket that was told to close and has not answered. */
  terminate(): void {
    for (const socket of this.#closing) socket.terminate();
  }

  #finish(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    result: ConnectResult,
    details: Origin,
  ): void {
    this.#subprotocol = result.subprotocol;
    // Synchronous: ws calls back before it returns, or has refused the handshake itself.
    this.#server.handleUpgrade(request, socket, head, ws => {
      const expiresAt = result.expiresAt ?? Number.POSITIVE_INFINITY;
      const opened = new GatewaySocket(this.#host, ws, socket, { ...details, expiresAt });
      this.#sockets.set(opened.id, opened);
      this.#deadlines.add(opened);
    });
  }

  async #answer(socket: GatewaySocket, text: string): Promise<Buffer | undefined> {
    try {
      const reply = await this.#events?.message(socket.id, text, '$default');
      return reply === undefined ? undefined : textFrame(Buffer.from(reply));
    } catch (error) {
      this.#fail('message', error);
      return textFrame(Buffer.from(INTEGRATION_FAILED));
    }
  }

  #closed(socket: GatewaySocket, code: number): void {
    this.#sockets.delete(socket.id);
    this.#closing.add(socket);
    this.#deadlines.delete(socket);
    this.#ports.metrics.count('connections_closed_total', { reason: `${code}` });
    this.#notifyDisconnect(socket.id, code);
  }

  #notifyDisconnect(id: ConnectionId, code: number): void {
    const told = (this.#events?.disconnect(id, code) ?? Promise.resolve())
      .catch(error => this.#fail('disconnect', error))
      .finally(() => this.#disconnects.delete(told));
    this.#disconnects.add(told);
  }

  #schedule(socket: GatewaySocket): void {
    if (this.#dirty.length === 0) setImmediate(() => this.#flush());
    this.#dirty.push(socket);
  }

  #flush(): void {
    const sockets = this.#dirty;
    this.#dirty = [];
    this.#emptyBatch = Batch.root();
    for (const socket of sockets) socket.flush();
  }

  async #takeConnect(): Promise<RateDecision> {
    const { connects } = this.#host.quotas;
    return connects.perSecond === Number.POSITIVE_INFINITY
      ? { allowed: true, remaining: connects.burst }
      : this.#ports.limiter.take('gateway/connects', connects);
  }

  #fail(where: string, error: unknown): void {
    this.#ports.metrics.count('failures_total', { where: `gateway-${where}` });
    this.#ports.logger.error(`gateway.${where}-failed`, { cause: causeOf(error) });
  }
}

export interface LocalGatewayPorts {
  readonly clock: Clock;
  readonly limiter: RateLimiter;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

type Origin = Pick<GatewaySocket, 'id' | 'userAgent'>;

/** Not a closure: one for each socket would keep its handshake's request alive as long as the socket. */
function destroyIt(this: Duplex): void {
  this.destroy();
}

/** API Gateway's own words when a route's integration fails. */
const INTEGRATION_FAILED = JSON.stringify({ message: 'Internal server error' });
