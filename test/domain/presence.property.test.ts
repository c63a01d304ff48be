import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryMessageStore } from '../../src/adapters/local/memory-message-store.ts';
import { MemoryPresenceQueue } from '../../src/adapters/local/memory-presence-queue.ts';
import { MemoryPresenceStore } from '../../src/adapters/local/memory-presence-store.ts';
import { ChannelPolicies } from '../../src/domain/channel-policy.ts';
import { connectionId, userId } from '../../src/domain/ids.ts';
import { TellPresence } from '../../src/domain/use-cases/tell-presence.ts';
import { TrackPresence } from '../../src/domain/use-cases/track-presence.ts';
import type { EventBus } from '../../src/ports/event-bus.ts';
import { aChannel, aConnection, anIdentity } from '../support/builders.ts';
import { SequentialIds, SilentLogger } from '../support/fakes.ts';
import { unreliable } from '../support/faults.ts';

const [LOBBY, COMINGS] = [aChannel('room:lobby'), aChannel('presence:room:lobby')];
const MINUTE_MS = 60_000;
/** Fewer than a look has attempts, and within the calls that a run makes. */
const [MOST_FAULTS, CALLS] = [4, 120];

const device = { user: fc.constantFrom('alice', 'bob'), device: fc.integer({ min: 1, max: 3 }) };
const step = fc.oneof(
  fc.record({ ...device, kind: fc.constant('enter' as const), minutes: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ ...device, kind: fc.constant('leave' as const) }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 1_200 }) }),
);
const faults = fc.uniqueArray(
  fc.record({ at: fc.integer({ min: 1, max: CALLS }), when: fc.constantFrom('before', 'after') }),
  { selector: ({ at }) => at, maxLength: MOST_FAULTS },
);

const aLobby = (faultsMet: readonly { readonly at: number; readonly when: 'before' | 'after' }[]) => {
  const clock = new ManualClock();
  const [ids, logger] = [new SequentialIds(), new SilentLogger()];
  const presence = new MemoryPresenceStore({ clock });
  const presenceQueue = new MemoryPresenceQueue({ clock, logger });
  const store = new MemoryMessageStore({ clock, ids, retention: () => ({ maxAgeMs: 1e9 }) });
  const bus: EventBus = { publish: async () => undefined };
  const policies = new ChannelPolicies(undefined, [{ pattern: 'room:*', presence: true }]);
  const sound = { presence, presenceQueue, store, bus };
  const ports = {
    ...unreliable(sound, ['presence', 'presenceQueue', 'store', 'bus'], faultsMet),
    clock,
    ids,
    policies,
  };
  const track = new TrackPresence(ports);
  const tell = new TellPresence(ports);
  presenceQueue.consume(look => tell.execute(look));
  const connectionOf = (user: string, n: number, minutes = 0) =>
    aConnection({
      id: connectionId(`${user}-${n}=`),
      identity: anIdentity({ user: userId(user) }),
      expiresAt: clock.now() + minutes * MINUTE_MS,
    });
  return {
    clock,
    /** A client asks again until it is answered. */
    enter: async (user: string, n: number, minutes: number) => {
      const entering = connectionOf(user, n, minutes);
      while (
        !(await track.entered(entering, [LOBBY]).then(
          () => true,
          () => false,
        ))
      );
    },
    /** Nobody repeats a `$disconnect`. */
    leave: (user: string, n: number) => track.left(connectionOf(user, n), [LOBBY]).catch(() => undefined),
    here: async () => (await presence.list(LOBBY, 10)).users?.map(({ user }) => user) ?? [],
    known: async (user: string) => presence.find(LOBBY, userId(user)),
    told: async (user: string) =>
      (await store.read(COMINGS, { after: 0, limit: 1_000 })).messages.flatMap(({ content, from }) =>
        content.kind === 'presence' && from === user ? [content.change.event] : [],
      ),
  };
};

test('Whatever comes, goes, ends and dies in whatever order, what is told is how it is in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), faults, async (steps, faultsMet) => {
      const { clock, enter, leave, here, known, told } = aLobby(faultsMet);
      for (const one of steps) {
        if (one.kind === 'enter') await enter(one.user, one.device, one.minutes);
        else if (one.kind === 'leave') await leave(one.user, one.device);
        else await clock.advance(one.seconds * 1_000);
      }
      await clock.advance(MINUTE_MS);
      for (const user of await here()) expect((await told(user)).at(-1)).toBe('joined');
      await clock.advance(150 * MINUTE_MS);
      for (const user of ['alice', 'bob']) {
        const events = await told(user);
        expect(events).toEqual(events.map((_, index) => (index % 2 === 0 ? 'joined' : 'left')));
        expect(events.length % 2).toBe(0);
        expect(await known(user)).toBeUndefined();
      }
    }),
    { numRuns: 500 },
  );
});
