import { expect } from 'vitest';
import { BROADCAST } from '../../../src/domain/channel.ts';
import { connectionId, userId } from '../../../src/domain/ids.ts';
import { anIdentity } from '../../support/builders.ts';
import type { RegistryPromises } from './connections.ts';
import { ALICE, LOBBY, membersOf, sorted, withConnections } from './connections.ts';

/** Who is there, and follows what: the same however often it is said. */
export const subscribing = (promises: RegistryPromises): void => {
  promises('a registered connection is found as it was registered', async open => {
    const { port, connectionNow } = withConnections(await open());
    const capability = { pattern: 'room:*', actions: ['subscribe', 'publish'] as const };
    const connection = connectionNow({ identity: anIdentity({ capabilities: [capability], admin: true }) });
    expect(await port.register(connection, [])).toBe('registered');
    expect(await port.find(connection.id)).toEqual(connection);
  });

  promises('a registered connection is subscribed to its first channels, each once', async open => {
    const { port, connectionNow } = withConnections(await open());
    const connection = connectionNow();
    await port.register(connection, [ALICE, BROADCAST, ALICE]);
    expect(sorted(await port.subscriptions(connection.id))).toEqual([BROADCAST, ALICE]);
    expect(await membersOf(port, ALICE)).toEqual([connection.id]);
    expect(await membersOf(port, BROADCAST)).toEqual([connection.id]);
  });

  promises('a connection that nobody registered is unknown everywhere', async open => {
    const { port } = await open();
    const id = connectionId('stranger');
    expect(await port.find(id)).toBeUndefined();
    expect(await port.subscriptions(id)).toEqual([]);
    expect(await port.subscribe(id, LOBBY)).toBe('unknown');
    expect(await port.unsubscribe(id, LOBBY)).toBe(false);
    expect(await membersOf(port, LOBBY)).toEqual([]);
  });

  promises('registering twice changes nothing', async open => {
    const { port, connectionNow } = withConnections(await open());
    const first = connectionNow();
    await port.register(first, [ALICE]);
    const again = connectionNow({ id: first.id, identity: anIdentity({ user: userId('mallory') }) });
    expect(await port.register(again, [LOBBY])).toBe('known');
    expect(await port.find(first.id)).toEqual(first);
    expect(await port.subscriptions(first.id)).toEqual([ALICE]);
    expect(await membersOf(port, LOBBY)).toEqual([]);
  });

  promises('subscribing adds to the members, and doing it twice changes nothing', async open => {
    const { port, registered } = withConnections(await open());
    const { id } = await registered([ALICE]);
    expect(await port.subscribe(id, LOBBY)).toBe('subscribed');
    expect(await port.subscribe(id, LOBBY)).toBe('known');
    expect(await membersOf(port, LOBBY)).toEqual([id]);
    expect(sorted(await port.subscriptions(id))).toEqual([LOBBY, ALICE]);
  });

  promises('unsubscribing takes one channel away, and doing it twice changes nothing', async open => {
    const { port, registered } = withConnections(await open());
    const { id } = await registered([ALICE, LOBBY]);
    const other = await registered([LOBBY]);
    expect(await port.unsubscribe(id, LOBBY)).toBe(true);
    expect(await port.unsubscribe(id, LOBBY)).toBe(false);
    expect(await port.subscriptions(id)).toEqual([ALICE]);
    expect(await membersOf(port, LOBBY)).toEqual([other.id]);
    expect(await membersOf(port, ALICE)).toEqual([id]);
  });

  promises('who left a channel may join it again', async open => {
    const { port, registered } = withConnections(await open());
    const { id } = await registered([LOBBY]);
    await port.unsubscribe(id, LOBBY);
    expect(await port.subscribe(id, LOBBY)).toBe('subscribed');
    expect(await membersOf(port, LOBBY)).toEqual([id]);
  });
};
