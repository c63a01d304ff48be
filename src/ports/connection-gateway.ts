import type { DeliveryFailure } from '../domain/delivery.ts';
import type { ConnectionId } from '../domain/ids.ts';

export interface ConnectionState {
  /** ms since 1970 */
  readonly connectedAt: number;
  /** ms since 1970: the last frame in either direction. */
  readonly lastActiveAt: number;
}

/**
 * The sockets themselves, wherever they end.
 *
 * A payload is one text frame: UTF-8, at the most 128 KB (131,072 bytes, API Gateway's quota).
 */
export interface ConnectionGateway {
  /**
   * Sends one payload to many connections.
   *
   * @returns only those that did not get it, each once, with why; an empty list when all did. One bad connection
   *   never throws and never keeps the payload from the others. To one connection, payloads arrive in the order of the
   *   calls.
   */
  post(payload: Uint8Array, connectionIds: readonly ConnectionId[]): Promise<readonly DeliveryFailure[]>;

  /** @returns `undefined` when the connection does not exist */
  find(id: ConnectionId): Promise<ConnectionState | undefined>;

  /**
   * Closes the socket, after what was posted before: normally (1000), or, where the platform can say so, because it went
   * against the rules (1008).
   *
   * @returns whether there was one
   */
  close(id: ConnectionId, why?: 'normal' | 'policy'): Promise<boolean>;
}
