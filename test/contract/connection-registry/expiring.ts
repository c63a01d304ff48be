import { expect } from 'vitest';
import type { ConnectionId } from '../../../src/domain/ids.ts';
import type { RegistryPromises } from './connections.ts';
import { ALICE, LOBBY, membersOf, sorted, withConnections } from './connections.ts';

/** Who is over is not there, whether or not it was removed. */
export const expiring = (promises: RegistryPromises): void => {
  promises('whichever read meets an expired connection first leaves it out', ['manual-time'], async open => {
    const { port, advance, registered, connectionNow } = withConnections(await open());
    const expiresAt = connectionNow().connectedAt + 60_000;
    const [found, asked, subscribing, leaving] = await Promise.all(
      [1, 2, 3, 4].map(() => registered([LOBBY], { expiresAt }).then(({ id }) => id)),
    );
    if (!found || !asked || !subscribing || !leaving) throw new Error('four were registered');
    await advance(60_001);
    expect(await port.find(found)).toBeUndefined();
    expect(await port.subscriptions(asked)).toEqual([]);
    expect(await port.subscribe(subscribing, ALICE)).toBe('unknown');
    expect(await port.unsubscribe(leaving, LOBBY)).toBe(false);
    expect(await membersOf(port, ALICE)).toEqual([]);
  });

  promises('an expired connection is no member any more', ['manual-time'], async open => {
    const { port, clock, advance, connectionNow } = withConnections(await open());
    const short = connectionNow({ expiresAt: clock.now() + 60_000 });
    const long = connectionNow({ expiresAt: clock.now() + 120_000 });
    await port.register(short, [LOBBY]);
    await port.register(long, [LOBBY]);
    await advance(59_999);
    expect(await membersOf(port, LOBBY)).toEqual(sorted([short.id, long.id]));
    expect(await port.find(short.id)).toEqual(short);
    await advance(2);
    expect(await membersOf(port, LOBBY)).toEqual([long.id]);
    expect(await port.find(long.id)).toEqual(long);
  });

  promises('expired connections hide nobody who stands among them', ['manual-time'], async open => {
    const { port, clock, advance, registered } = withConnections(await open());
    const staying: ConnectionId[] = [];
    for (let index = 0; index < 12; index++) {
      const expiresAt = clock.now() + (index % 3 === 0 ? 120_000 : 60_000);
      const { id } = await registered([LOBBY], { expiresAt });
      if (index % 3 === 0) staying.push(id);
    }
    await advance(60_001);
    expect(await membersOf(port, LOBBY, 2)).toEqual(sorted(staying));
    expect(await membersOf(port, LOBBY, 100)).toEqual(sorted(staying));
  });
};
