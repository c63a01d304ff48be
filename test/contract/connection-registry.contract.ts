import { expect } from 'vitest';
import { BROADCAST } from '../../src/domain/channel.ts';
import type { ConnectionRegistry } from '../../src/ports/connection-registry.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, examplesOf, twinOf } from '../support/harness.ts';
import type { RegistryLimits } from './connection-registry/connections.ts';
import { LOBBY, membersOf, sorted, withConnections } from './connection-registry/connections.ts';
import { expiring } from './connection-registry/expiring.ts';
import { paging } from './connection-registry/paging.ts';
import { removing } from './connection-registry/removing.ts';
import { subscribing } from './connection-registry/subscribing.ts';

export const connectionRegistryContract = (
  harness: Harness<Fixture<ConnectionRegistry>, RegistryLimits>,
): void =>
  contract('ConnectionRegistry', harness, promises => {
    const examples = examplesOf(harness);

    promises('two instances do not see each other', async open => {
      const [one, other] = [withConnections(await open()), await open()];
      const connection = one.connectionNow();
      await one.port.register(connection, [LOBBY]);
      expect(await other.port.find(connection.id)).toBeUndefined();
      expect(await membersOf(other.port, LOBBY)).toEqual([]);
      expect(await other.port.remove(connection.id)).toBeUndefined();
      expect(await membersOf(one.port, LOBBY)).toEqual([connection.id]);
    });

    subscribing(promises);
    removing(promises, examples);

    promises('of many registrations at once, exactly one is the first', async open => {
      const { port, connectionNow } = withConnections(await open());
      const connection = connectionNow();
      const answers = await Promise.all(Array.from({ length: 10 }, () => port.register(connection, [LOBBY])));
      expect(answers.filter(answer => answer === 'registered')).toHaveLength(1);
      expect(answers.filter(answer => answer === 'known')).toHaveLength(9);
      expect(await membersOf(port, LOBBY)).toEqual([connection.id]);
    });

    expiring(promises);
    paging(promises, examples);

    promises('many connections that come and go at once leave exactly those that stayed', async open => {
      const { port, connectionNow } = withConnections(await open());
      const connections = Array.from({ length: 60 }, () => connectionNow());
      await Promise.all(connections.map(connection => port.register(connection, [BROADCAST])));
      const leaving = connections.filter((_, index) => index % 2 === 0);
      await Promise.all(leaving.map(({ id }) => port.remove(id)));
      const staying = connections.filter((_, index) => index % 2 === 1).map(({ id }) => id);
      expect(await membersOf(port, BROADCAST)).toEqual(sorted(staying));
    });

    promises('what one instance registers, another finds', ['two-instances'], async open => {
      const fixture = withConnections(await open());
      const twin = await twinOf(fixture);
      const connection = await fixture.registered([LOBBY]);
      expect(await twin.find(connection.id)).toEqual(connection);
      expect(await membersOf(twin, LOBBY)).toEqual([connection.id]);
      expect(await twin.remove(connection.id)).toMatchObject({ channels: expect.any(Array) });
      expect(await fixture.port.register(connection, [LOBBY])).toBe('removed');
    });
  });
