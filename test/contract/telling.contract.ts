import { expect } from 'vitest';
import { MemoryPresenceQueue } from '../../src/adapters/local/memory-presence-queue.ts';
import { connectionId, userId } from '../../src/domain/ids.ts';
import type { PresenceLook } from '../../src/domain/presence.ts';
import { PRESENCE_GRACE_MS } from '../../src/domain/presence.ts';
import type { TellPresencePorts } from '../../src/domain/use-cases/tell-presence.ts';
import { TellPresence } from '../../src/domain/use-cases/tell-presence.ts';
import type { MessageStore } from '../../src/ports/message-store.ts';
import type { PresenceStore } from '../../src/ports/presence-store.ts';
import { aChannel } from '../support/builders.ts';
import { SequentialIds, SilentLogger } from '../support/fakes.ts';
import type { Fault } from '../support/faults.ts';
import { unreliable } from '../support/faults.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract } from '../support/harness.ts';

export interface Stores {
  readonly presence: PresenceStore;
  readonly store: MessageStore;
}

const [LOBBY, COMINGS] = [aChannel('room:lobby'), aChannel('presence:room:lobby')];
const [ALICE, PHONE] = [userId('alice'), connectionId('phone=')];
const HOUR_MS = 3_600_000;
/** More calls than one look makes. */
const CALLS = 12;

/** What no port promises alone: that comings and goings are told, each once and in their order, whoever dies on the way. */
export const tellingContract = (harness: Harness<Fixture<Stores>>): void =>
  contract('telling', harness, promises => {
    for (const when of ['before', 'after'] as const) {
      promises(
        `whoever dies ${when} a call leaves nothing untold to the next who looks`,
        ['manual-time'],
        async open => {
          let died = 0;
          for (let call = 1; call <= CALLS; call += 1) {
            const { enter, leave, look, log } = aRoom(await open());
            await enter();
            for (const reason of ['entered', 'left'] as const) {
              if (reason === 'left') await leave();
              const death = { at: call, when };
              await look(reason, death).catch(() => (died += 1));
              await look(reason);
            }
            expect(await log()).toEqual(['joined', 'left']);
          }
          expect(died).toBeGreaterThan(12);
        },
      );
    }

    promises('many who look at once tell it once', ['manual-time'], async open => {
      const { enter, leave, look, log } = aRoom(await open());
      await enter();
      await Promise.all(Array.from({ length: 5 }, () => look('entered')));
      await leave();
      await Promise.all(Array.from({ length: 5 }, () => look('left')));
      expect(await log()).toEqual(['joined', 'left']);
    });

    promises(
      'who is back while the leaving is being told is told as joined after it',
      ['manual-time'],
      async open => {
        const { enter, leave, look, log } = aRoom(await open());
        await enter();
        await look('entered');
        await leave();
        // find and decide are done, and the rest is not.
        await expect(look('left', { at: 3, when: 'before' })).rejects.toThrow();
        expect(await enter()).toBe('joined');
        await Promise.all([look('left'), look('entered')]);
        expect(await log()).toEqual(['joined', 'left', 'joined']);
      },
    );
  });

/** Alice and her phone. */
const aRoom = ({ port, clock, advance }: Fixture<Stores>) => {
  const { presence, store } = port;
  const ids = new SequentialIds();
  const presenceQueue = new MemoryPresenceQueue({ clock, logger: new SilentLogger() });
  const published: string[] = [];
  const bus = {
    publish: async (messages: readonly { readonly id: string }[]) => {
      published.push(...messages.map(({ id }) => id));
    },
  };
  return {
    enter: () =>
      presence.enter(LOBBY, { user: ALICE, connectionId: PHONE, expiresAt: clock.now() + HOUR_MS }),
    leave: async () => {
      await presence.leave(LOBBY, { user: ALICE, connectionId: PHONE });
      await advance(PRESENCE_GRACE_MS);
    },
    look: (reason: 'entered' | 'left', death?: Fault): Promise<void> => {
      const sound: TellPresencePorts = { presence, presenceQueue, store, bus, clock, ids };
      const ports =
        death === undefined
          ? sound
          : unreliable(sound, ['presence', 'presenceQueue', 'store', 'bus'], [death]);
      const due: PresenceLook = { channel: LOBBY, user: ALICE, reason };
      return new TellPresence(ports).execute(due);
    },
    /** What was told, all of which was published as well. */
    log: async (): Promise<readonly string[]> => {
      const { messages } = await store.read(COMINGS, { limit: 100 });
      expect(new Set(published)).toEqual(new Set(messages.map(({ id }) => id)));
      return messages.map(({ content }) =>
        content.kind === 'presence' ? content.change.event : content.kind,
      );
    },
  };
};
