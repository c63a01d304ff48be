import type { Clock } from '../../ports/clock.ts';
import type { ConnectionRegistry } from '../../ports/connection-registry.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { BROADCAST, userChannel } from '../channel.ts';
import type { Connection } from '../connection.ts';
import { FanfareError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import type { ConnectionId } from '../ids.ts';
import type { TrackPresence } from './track-presence.ts';

export interface ConnectRequest {
  readonly id: ConnectionId;
  readonly identity: Identity;
  /** How long the platform lets a connection live. */
  readonly longestLifeMs: number;
}

/** Opens the door: a connection follows its own user's channel and the broadcast from its first moment. */
export class Connect {
  readonly #ports: {
    readonly registry: ConnectionRegistry;
    readonly clock: Clock;
    readonly metrics: Metrics;
    readonly trackPresence: TrackPresence;
  };

  constructor(ports: {
    registry: ConnectionRegistry;
    clock: Clock;
    metrics: Metrics;
    trackPresence: TrackPresence;
  }) {
    this.#ports = ports;
  }

  /**
   * Connecting twice under one id is connecting once.
   *
   * @throws FanfareError `conflict` when the connection was closed before it was open
   */
  async execute({ id, identity, longestLifeMs }: ConnectRequest): Promise<Connection> {
    const { registry, clock, metrics, trackPresence } = this.#ports;
    const connectedAt = clock.now();
    const expiresAt = Math.min(identity.expiresAt, connectedAt + longestLifeMs);
    const connection: Connection = { id, identity, connectedAt, expiresAt };
    const channels = [userChannel(identity.user), BROADCAST];
    const outcome = await registry.register(connection, channels);
    if (outcome === 'removed') {
      metrics.count('connections_total', { outcome: 'refused' });
      throw new FanfareError('conflict', 'the connection was closed before it was open');
    }
    if (outcome === 'registered') metrics.count('connections_total', { outcome: 'accepted' });
    await trackPresence.entered(connection, channels);
    return connection;
  }
}
