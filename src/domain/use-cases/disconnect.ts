import type { ConnectionRegistry } from '../../ports/connection-registry.ts';
import type { ConnectionId } from '../ids.ts';
import type { TrackPresence } from './track-presence.ts';

/** Forgets a connection and all that it followed. One that nobody knows, or that never opened, is fine. */
export class Disconnect {
  readonly #ports: { readonly registry: ConnectionRegistry; readonly trackPresence: TrackPresence };

  constructor(ports: { registry: ConnectionRegistry; trackPresence: TrackPresence }) {
    this.#ports = ports;
  }

  /** @returns whether the connection was known */
  async execute(id: ConnectionId): Promise<boolean> {
    const removed = await this.#ports.registry.remove(id);
    if (removed === undefined) return false;
    await this.#ports.trackPresence.left(removed.connection, removed.channels);
    return true;
  }
}
