import type { Identity } from './identity.ts';
import type { ConnectionId } from './ids.ts';

/** One open socket, and whose it is. */
export interface Connection {
  readonly id: ConnectionId;
  readonly identity: Identity;
  /** ms since 1970 */
  readonly connectedAt: number;
  /** When it ends at the latest, in ms since 1970: the token's expiry or the platform's longest life. */
  readonly expiresAt: number;
}
