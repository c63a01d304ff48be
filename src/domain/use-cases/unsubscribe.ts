import type { ConnectionRegistry } from '../../ports/connection-registry.ts';
import type { Channel } from '../channel.ts';
import type { Connection } from '../connection.ts';

/** Lets go of a channel. Letting go of one that was not followed is fine. */
export class Unsubscribe {
  readonly #registry: ConnectionRegistry;

  constructor(ports: { registry: ConnectionRegistry }) {
    this.#registry = ports.registry;
  }

  /** @returns whether the connection followed it */
  execute(connection: Connection, channel: Channel): Promise<boolean> {
    return this.#registry.unsubscribe(connection.id, channel);
  }
}
