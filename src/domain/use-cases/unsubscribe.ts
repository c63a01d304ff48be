import type { ConnectionRegistry } from '../../ports/connection-registry.ts';
import type { Channel } from '../channel.ts';
import type { Connection } from '../connection.ts';
import type { TrackPresence } from './track-presence.ts';

/** Lets go of a channel. Letting go of one that was not followed is fine. */
export class Unsubscribe {
  readonly #ports: { readonly registry: ConnectionRegistry; readonly trackPresence: TrackPresence };

  constructor(ports: { registry: ConnectionRegistry; trackPresence: TrackPresence }) {
    this.#ports = ports;
  }

  /** @returns whether the connection followed it */
  async execute(connection: Connection, channel: Channel): Promise<boolean> {
    const followed = await this.#ports.registry.unsubscribe(connection.id, channel);
    await this.#ports.trackPresence.left(connection, [channel]);
    return followed;
  }
}
