import fc from 'fast-check';
import { expect } from 'vitest';
import { BROADCAST } from '../../../src/domain/channel.ts';
import { aChannel } from '../../support/builders.ts';
import type { Examples } from '../../support/harness.ts';
import type { RegistryPromises } from './connections.ts';
import { ALICE, LOBBY, membersOf, withConnections } from './connections.ts';

/** Who was removed is gone with all subscriptions, and stays away whatever comes late. */
export const removing = (promises: RegistryPromises, examples: Examples): void => {
  promises('removing takes the connection and all its subscriptions away, and only its own', async open => {
    const { port, registered } = withConnections(await open());
    const connection = await registered([ALICE, BROADCAST]);
    const { id } = connection;
    await port.subscribe(id, LOBBY);
    const other = await registered([ALICE, BROADCAST, LOBBY]);
    const channels = expect.arrayContaining([ALICE, BROADCAST, LOBBY]);
    expect(await port.remove(id)).toEqual({ connection, channels });
    expect(await port.remove(id)).toBeUndefined();
    expect(await port.find(id)).toBeUndefined();
    expect(await port.subscriptions(id)).toEqual([]);
    for (const channel of [ALICE, BROADCAST, LOBBY])
      expect(await membersOf(port, channel)).toEqual([other.id]);
  });

  promises('removing one whose time is over tells what it was', ['manual-time'], async open => {
    const { port, clock, advance, registered } = withConnections(await open());
    const connection = await registered([LOBBY], { expiresAt: clock.now() + 60_000 });
    await advance(60_000);
    expect(await membersOf(port, LOBBY)).toEqual([]);
    expect(await port.remove(connection.id)).toEqual({ connection, channels: [LOBBY] });
    expect(await port.register(connection, [LOBBY])).toBe('removed');
  });

  promises('a removed connection never comes back by registering late', async open => {
    const { port, registered } = withConnections(await open());
    const connection = await registered([LOBBY]);
    await port.remove(connection.id);
    expect(await port.register(connection, [LOBBY])).toBe('removed');
    expect(await port.find(connection.id)).toBeUndefined();
    expect(await membersOf(port, LOBBY)).toEqual([]);
  });

  promises('a connection that was removed before it was registered stays away', async open => {
    const { port, connectionNow } = withConnections(await open());
    const connection = connectionNow();
    expect(await port.remove(connection.id)).toBeUndefined();
    expect(await port.register(connection, [LOBBY])).toBe('removed');
    expect(await membersOf(port, LOBBY)).toEqual([]);
  });

  promises('a removed connection never comes back by subscribing late', async open => {
    const { port, registered } = withConnections(await open());
    const { id } = await registered([ALICE]);
    await port.remove(id);
    expect(await port.subscribe(id, LOBBY)).toBe('unknown');
    expect(await membersOf(port, LOBBY)).toEqual([]);
  });

  promises('a removal is remembered for 30 s', ['manual-time'], async open => {
    const { port, advance, registered } = withConnections(await open());
    const connection = await registered([LOBBY]);
    await port.remove(connection.id);
    await advance(30_000);
    expect(await port.register(connection, [LOBBY])).toBe('removed');
  });

  promises('whatever races with a removal, nothing is left behind', async open => {
    const { port, connectionNow } = withConnections(await open());
    const others = ['subscribe', 'subscribe to another', 'unsubscribe', 'remove', 'register again'] as const;
    const order = fc.shuffledSubarray([...others], { minLength: 1 });
    const at = fc.nat({ max: others.length });
    let example = 0;
    await fc.assert(
      fc.asyncProperty(order, at, async (steps, removeAt) => {
        const room = aChannel(`room:${example++}`);
        const connection = connectionNow();
        const calls = {
          subscribe: () => port.subscribe(connection.id, room),
          'subscribe to another': () => port.subscribe(connection.id, aChannel(`${room}-other`)),
          unsubscribe: () => port.unsubscribe(connection.id, room),
          remove: () => port.remove(connection.id),
          'register again': () => port.register(connection, [room]),
        };
        const all: (keyof typeof calls)[] = [...steps];
        all.splice(removeAt, 0, 'remove');
        const first = port.register(connection, [room]);
        await Promise.all([first, ...all.map(step => calls[step]())]);
        expect(await port.find(connection.id)).toBeUndefined();
        expect(await port.subscriptions(connection.id)).toEqual([]);
        expect(await membersOf(port, room)).toEqual([]);
        expect(await membersOf(port, aChannel(`${room}-other`))).toEqual([]);
      }),
      examples,
    );
  });
};
