import type { ConnectionId } from '../../../domain/ids.ts';

/** `$connect`: what API Gateway tells of a handshake. */
export interface ConnectEvent {
  readonly connectionId: ConnectionId;
  /** ms since 1970 */
  readonly connectedAt: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly sourceIp: string;
}

export interface ConnectResult {
  /** 200 opens the socket; anything else is the handshake's answer. */
  readonly statusCode: number;
  readonly message?: string;
  /** Of those that the client offered, the one to speak. */
  readonly subprotocol?: string;
  /** ms since 1970; the socket is closed 1008 then. API Gateway has no such answer; there the service closes it. */
  readonly expiresAt?: number;
}

/** Where the gateway sends what happens on its sockets, as API Gateway does with its routes' integrations. */
export interface GatewayEvents {
  connect(event: ConnectEvent): Promise<ConnectResult>;
  /** @returns the route's response, sent back on the same socket */
  message(connectionId: ConnectionId, text: string, routeKey: string): Promise<string | undefined>;
  /** Called once for every connection whose `connect` was answered 200, with the code that it was closed with. */
  disconnect(connectionId: ConnectionId, closeCode: number): Promise<void>;
}
