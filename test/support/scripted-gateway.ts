import type { DeliveryFailure } from '../../src/domain/delivery.ts';
import type { ConnectionId } from '../../src/domain/ids.ts';
import type { ConnectionGateway, ConnectionState } from '../../src/ports/connection-gateway.ts';

type Outcome = 'delivered' | 'gone' | 'throttled' | { readonly failed: string };

/** A gateway without sockets: every connection takes what it is sent, unless its script says otherwise. */
export class ScriptedGateway implements ConnectionGateway {
  readonly #scripts = new Map<ConnectionId, Outcome[]>();
  readonly #received = new Map<ConnectionId, string[]>();
  /** How many connections each call was for. */
  readonly calls: number[] = [];
  /** Who was closed, in that order. */
  readonly closed: ConnectionId[] = [];

  /** What the connection's next posts come to; the last outcome stays. */
  script(id: ConnectionId, ...outcomes: readonly Outcome[]): this {
    this.#scripts.set(id, [...outcomes]);
    return this;
  }

  received(id: ConnectionId): readonly string[] {
    return this.#received.get(id) ?? [];
  }

  async post(
    payload: Uint8Array,
    connectionIds: readonly ConnectionId[],
  ): Promise<readonly DeliveryFailure[]> {
    this.calls.push(connectionIds.length);
    const text = new TextDecoder().decode(payload);
    return connectionIds.flatMap(connectionId => {
      const outcome = this.#next(connectionId);
      if (outcome === 'delivered') {
        this.#received.set(connectionId, [...this.received(connectionId), text]);
        return [];
      }
      const failure: DeliveryFailure =
        typeof outcome === 'string'
          ? { connectionId, reason: outcome }
          : { connectionId, reason: 'failed', cause: outcome.failed };
      return [failure];
    });
  }

  async find(): Promise<ConnectionState | undefined> {
    return undefined;
  }

  async close(id: ConnectionId): Promise<boolean> {
    this.closed.push(id);
    return true;
  }

  #next(id: ConnectionId): Outcome {
    const script = this.#scripts.get(id) ?? [];
    return (script.length > 1 ? script.shift() : script[0]) ?? 'delivered';
  }
}
