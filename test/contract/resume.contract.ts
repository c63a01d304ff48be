import { expect } from 'vitest';
import { MemoryPresenceQueue } from '../../src/adapters/local/memory-presence-queue.ts';
import { MemoryPresenceStore } from '../../src/adapters/local/memory-presence-store.ts';
import { ChannelPolicies } from '../../src/domain/channel-policy.ts';
import type { ConnectionId } from '../../src/domain/ids.ts';
import type { Message } from '../../src/domain/message.ts';
import { Subscribe } from '../../src/domain/use-cases/subscribe.ts';
import { TrackPresence } from '../../src/domain/use-cases/track-presence.ts';
import type { ConnectionRegistry } from '../../src/ports/connection-registry.ts';
import type { MessageStore } from '../../src/ports/message-store.ts';
import { aChannel, aConnection, aDraft, anIdentity } from '../support/builders.ts';
import { SilentLogger } from '../support/fakes.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract } from '../support/harness.ts';
import { follow } from '../support/world.ts';

/** The two ports between which a message could fall, as one platform has them. */
export interface Stores {
  readonly registry: ConnectionRegistry;
  readonly store: MessageStore;
}

const LOBBY = aChannel('room:lobby');
const policies = new ChannelPolicies();
const LIMITS = { maxPerConnection: 100, maxReplayed: 300 };

/** What neither port promises alone: who subscribes while others append misses nothing. */
export const resumeContract = (harness: Harness<Fixture<Stores>>): void =>
  contract('resume', harness, promises => {
    promises('what is appended while one subscribes is replayed, or pushed, or both', async open => {
      for (const appendsBefore of [0, 1, 3, 5, 8]) {
        const { port, clock } = await open();
        const trackPresence = new TrackPresence({
          presence: new MemoryPresenceStore({ clock }),
          presenceQueue: new MemoryPresenceQueue({ clock, logger: new SilentLogger() }),
          policies,
        });
        const subscribe = new Subscribe({ ...port, policies, trackPresence }, LIMITS);
        const now = clock.now();
        const connection = aConnection({
          identity: anIdentity({ admin: true }),
          connectedAt: now,
          expiresAt: now + 3_600_000,
        });
        await port.registry.register(connection, []);
        const since = await port.store.position(LOBBY);
        const pushed: number[] = [];
        const send = async (): Promise<void> => {
          const message = await append(port.store, now);
          if ((await membersOf(port.registry)).includes(connection.id)) pushed.push(message.offset);
        };

        const sending: Promise<void>[] = [];
        for (let n = 0; n < appendsBefore; n += 1) sending.push(send());
        const following = follow({ subscribe }, connection, LOBBY, since);
        for (let n = appendsBefore; n < 10; n += 1) sending.push(send());
        const { recovered, position, missed } = await following;
        await Promise.all(sending);

        expect(recovered).toBe(true);
        const replayed = missed.map(({ offset }) => offset);
        expect(replayed).toEqual(oneTo(position.offset));
        expect([...new Set([...replayed, ...pushed])].sort((one, other) => one - other)).toEqual(oneTo(10));
      }
    });
  });

const append = async (store: MessageStore, sentAt: number): Promise<Message> => {
  const draft = aDraft({ channel: LOBBY, sentAt });
  const { position } = await store.append(draft);
  return { ...draft, ...position };
};

/** Everyone whom a fan-out that starts now would reach. */
const membersOf = async (registry: ConnectionRegistry): Promise<readonly ConnectionId[]> => {
  const ids: ConnectionId[] = [];
  for (let shard = 0; shard < registry.shards(LOBBY); shard += 1) {
    ids.push(...(await registry.members(LOBBY, { shard, limit: 100 })).connectionIds);
  }
  return ids;
};

const oneTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);
