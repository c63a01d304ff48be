import { expect } from 'vitest';
import type { ConnectionId } from '../../src/domain/ids.ts';
import type { ConnectionGateway } from '../../src/ports/connection-gateway.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract } from '../support/harness.ts';

/** A client on a real socket. */
export interface GatewayClient {
  readonly id: ConnectionId;
  /** The next text that has not been asked for yet. */
  next(): Promise<string>;
  readonly closed: Promise<{ readonly code: number }>;
  /** Stops reading from its socket, for good. */
  stall(): void;
  /** Ends without a closing handshake; resolves when the platform can have noticed. */
  kill(): Promise<void>;
}

export interface GatewayFixture extends Fixture<ConnectionGateway> {
  connect(): Promise<GatewayClient>;
  /** An id that is well formed and was never given out. */
  readonly unknownId: ConnectionId;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** ConnectionGateway: real sockets, whatever ends them. */
export const connectionGatewayContract = (harness: Harness<GatewayFixture>): void =>
  contract('ConnectionGateway', harness, promises => {
    promises('keeps its connections to itself', async open => {
      const [one, other] = [await open(), await open()];
      const client = await one.connect();
      expect(await other.port.post(bytes('hi'), [client.id])).toMatchObject([{ reason: 'gone' }]);
      expect(await other.port.find(client.id)).toBeUndefined();
    });

    promises('sends one payload to many connections and reports nothing', async open => {
      const { port, connect } = await open();
      const clients = await Promise.all(Array.from({ length: 20 }, connect));
      expect(
        await port.post(
          bytes('{"n":1}'),
          clients.map(({ id }) => id),
        ),
      ).toEqual([]);
      expect(await Promise.all(clients.map(client => client.next()))).toEqual(clients.map(() => '{"n":1}'));
    });

    promises('sends to nobody when asked for nobody', async open => {
      const { port } = await open();
      expect(await port.post(bytes('hi'), [])).toEqual([]);
    });

    promises('keeps the order of the calls for each connection', async open => {
      const { port, connect } = await open();
      const client = await connect();
      for (let n = 0; n < 50; n += 1) await port.post(bytes(String(n)), [client.id]);
      const received: string[] = [];
      while (received.length < 50) received.push(await client.next());
      expect(received).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
    });

    promises('carries every size of payload up to 128 KB, in any script', async open => {
      const { port, connect } = await open();
      const client = await connect();
      for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 131_072]) {
        const text = 'x'.repeat(length);
        expect(await port.post(bytes(text), [client.id])).toEqual([]);
        expect(await client.next()).toBe(text);
      }
      await port.post(bytes('üñí→😀'), [client.id]);
      expect(await client.next()).toBe('üñí→😀');
    });

    promises('reports a payload over 128 KB as failed, with the cause', async open => {
      const { port, connect } = await open();
      const client = await connect();
      const failures = await port.post(bytes('x'.repeat(131_073)), [client.id]);
      expect(failures).toMatchObject([{ connectionId: client.id, reason: 'failed' }]);
    });

    promises('reports one that never was as gone, and serves its neighbours', async open => {
      const { port, connect, unknownId } = await open();
      const [a, b] = [await connect(), await connect()];
      expect(await port.post(bytes('hi'), [a.id, unknownId, b.id])).toEqual([
        { connectionId: unknownId, reason: 'gone' },
      ]);
      expect(await a.next()).toBe('hi');
      expect(await b.next()).toBe('hi');
    });

    promises('reports a client that was killed as gone', async open => {
      const { port, connect } = await open();
      const client = await connect();
      await client.kill();
      expect(await port.post(bytes('hi'), [client.id])).toEqual([
        { connectionId: client.id, reason: 'gone' },
      ]);
    });

    promises(
      'reports a reader that stalls as throttled in the end, and serves its neighbours',
      async open => {
        const { port, connect } = await open();
        const [stalled, healthy] = [await connect(), await connect()];
        stalled.stall();
        const payload = bytes('x'.repeat(100_000));
        const reasons = new Set<string>();
        for (let n = 0; n < 200 && reasons.size === 0; n += 1) {
          const failures = await port.post(payload, [stalled.id, healthy.id]);
          for (const { connectionId, reason } of failures) {
            expect(connectionId).toBe(stalled.id);
            reasons.add(reason);
          }
          await healthy.next();
        }
        expect([...reasons]).toEqual(['throttled']);
      },
    );

    promises('finds an open connection, and none that is not', async open => {
      const { port, connect, unknownId } = await open();
      const client = await connect();
      const found = await port.find(client.id);
      expect(found?.connectedAt).toBeLessThanOrEqual(found?.lastActiveAt ?? 0);
      expect(await port.find(unknownId)).toBeUndefined();
    });

    promises('closes a connection normally, after what was posted before', async open => {
      const { port, connect } = await open();
      const client = await connect();
      await port.post(bytes('last words'), [client.id]);
      expect(await port.close(client.id)).toBe(true);
      expect(await client.next()).toBe('last words');
      expect(await client.closed).toMatchObject({ code: 1000 });
      expect(await port.find(client.id)).toBeUndefined();
      expect(await port.post(bytes('hi'), [client.id])).toMatchObject([{ reason: 'gone' }]);
    });

    promises('says when there was nothing to close', async open => {
      const { port, unknownId } = await open();
      expect(await port.close(unknownId)).toBe(false);
    });
  });
