import type { ConnectionRegistry } from '../../ports/connection-registry.ts';
import type { ConnectionId } from '../ids.ts';

/** Forgets a connection and all that it followed. One that nobody knows, or that never opened, is fine. */
export class Disconnect {
  readonly #registry: ConnectionRegistry;

  constructor(ports: { registry: ConnectionRegistry }) {
    this.#registry = ports.registry;
  }

  /** @returns whether the connection was known */
  execute(id: ConnectionId): Promise<boolean> {
    return this.#registry.remove(id);
  }
}
