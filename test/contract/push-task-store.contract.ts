import { expect } from 'vitest';
import { deviceId } from '../../src/domain/device.ts';
import { messageId, notificationId, userId } from '../../src/domain/ids.ts';
import type { DecideTask, PushTask, SendTask } from '../../src/domain/push-task.ts';
import type { ClaimedTask, PushTaskStore } from '../../src/ports/push-task-store.ts';
import { aNotification } from '../support/builders.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

const [ALICE, BOB] = [userId('alice'), userId('bob')];
const LEASE_MS = 1_000;

const aTask = (id: string, set: Partial<DecideTask> = {}): DecideTask => ({
  kind: 'decide',
  id,
  user: ALICE,
  dueAt: 100,
  attempt: 0,
  messageId: messageId(id),
  notification: aNotification({ id: notificationId(id), title: 'Grüße 🎉', data: [1, null] }),
  sentAt: 50,
  listed: true,
  ...set,
});

const aSend = (id: string, set: Partial<SendTask> = {}): SendTask => ({
  kind: 'send',
  id,
  user: ALICE,
  dueAt: 100,
  attempt: 0,
  deviceId: deviceId('phone'),
  push: { kind: 'withdraw', collapseIds: ['a'], badge: 3 },
  messages: [],
  sentAt: 50,
  expiresAt: 9_000,
  ...set,
});

const tasksOf = (claimed: readonly ClaimedTask[]): readonly PushTask[] => claimed.map(({ task }) => task);
const idsOf = (claimed: readonly ClaimedTask[]): readonly string[] => claimed.map(({ task }) => task.id);

const first = async (port: PushTaskStore, now = 100): Promise<ClaimedTask> => {
  const [claimed] = await port.claim(now, 1, LEASE_MS);
  if (claimed === undefined) throw new Error('nothing is due');
  return claimed;
};

export const pushTaskStoreContract = (harness: Harness<Fixture<PushTaskStore>>): void =>
  contract('PushTaskStore', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [await open(), await open()];
      await one.port.enqueue([aTask('a')]);
      expect(await other.port.claim(100, 10, LEASE_MS)).toEqual([]);
    });

    promises('what is given out is what was taken on', async open => {
      const { port } = await open();
      const tasks = [aTask('a'), aSend('b')];
      await port.enqueue(tasks);
      await port.enqueue([]);
      expect(tasksOf(await port.claim(100, 10, LEASE_MS))).toEqual(expect.arrayContaining(tasks));
    });

    promises('nothing is given out before it is due, and what is due longest is first', async open => {
      const { port } = await open();
      for (const [id, dueAt] of [
        ['late', 300],
        ['first', 100],
        ['next', 200],
      ] as const)
        await port.enqueue([aTask(id, { dueAt })]);
      expect(await port.claim(99, 10, LEASE_MS)).toEqual([]);
      expect(idsOf(await port.claim(250, 1, LEASE_MS))).toEqual(['first']);
      expect(idsOf(await port.claim(250, 10, LEASE_MS))).toEqual(['next']);
      expect(idsOf(await port.claim(300, 10, LEASE_MS))).toEqual(['late']);
    });

    promises('the same work is taken on once', async open => {
      const { port } = await open();
      await port.enqueue([aTask('a'), aTask('b')]);
      await port.enqueue([aTask('a', { dueAt: 500 }), aTask('c')]);
      expect([...idsOf(await port.claim(100, 10, LEASE_MS))].sort()).toEqual(['a', 'b', 'c']);
      await port.enqueue([aTask('a')]);
      expect(await port.claim(100, 10, LEASE_MS)).toEqual([]);
    });

    promises('what is not settled is given out again when its lease is over, and counted', async open => {
      const { port } = await open();
      await port.enqueue([aTask('a')]);
      expect((await first(port)).claims).toBe(1);
      expect(await port.claim(100 + LEASE_MS - 1, 10, LEASE_MS)).toEqual([]);
      const again = await first(port, 100 + LEASE_MS);
      expect(again).toMatchObject({ task: aTask('a'), claims: 2 });
    });

    promises('what is settled is gone, and what follows is taken on with it', async open => {
      const { port } = await open();
      await port.enqueue([aTask('a')]);
      const next = [aSend('b'), aSend('c', { dueAt: 5_000 })];
      expect(await port.settle(await first(port), { next }, 100)).toBe(true);
      expect(tasksOf(await port.claim(4_999, 10, LEASE_MS))).toEqual([aSend('b')]);
      expect(idsOf(await port.claim(5_000, 10, LEASE_MS))).toEqual(['c']);
      expect(idsOf(await port.claim(100_000, 10, LEASE_MS)).includes('a')).toBe(false);
    });

    promises('a task that follows itself is there for later, as if for the first time', async open => {
      const { port } = await open();
      await port.enqueue([aTask('a')]);
      const later = aTask('a', { dueAt: 7_000, attempt: 1 });
      expect(await port.settle(await first(port), { next: [later] }, 100)).toBe(true);
      expect(await port.claim(6_999, 10, LEASE_MS)).toEqual([]);
      expect(await first(port, 7_000)).toMatchObject({ task: later, claims: 1 });
    });

    promises('what follows is not taken on twice, nor by one whose lease is over', async open => {
      const { port } = await open();
      await port.enqueue([aTask('a')]);
      const slow = await first(port);
      const fast = await first(port, 100 + LEASE_MS);
      expect(await port.settle(slow, { next: [aSend('of the slow')] }, 2_000)).toBe(false);
      expect(await port.settle(fast, { next: [aSend('of the fast')] }, 2_000)).toBe(true);
      expect(await port.settle(slow, { next: [aSend('of the slow')] }, 2_000)).toBe(false);
      expect(idsOf(await port.claim(100_000, 10, LEASE_MS))).toEqual(['of the fast']);
    });

    promises('of many who claim at once, each gets tasks of its own', async open => {
      const { port } = await open();
      await port.enqueue(Array.from({ length: 40 }, (_, index) => aTask(`t${index}`)));
      const claims = await Promise.all(Array.from({ length: 8 }, () => port.claim(100, 10, LEASE_MS)));
      const ids = claims.flatMap(idsOf);
      expect(new Set(ids).size).toBe(ids.length);
      const rest = await port.claim(100, 40, LEASE_MS);
      expect(ids.length + rest.length).toBe(40);
    });

    promises('of many who settle one task at once, one does', async open => {
      const { port } = await open();
      const tasks = Array.from({ length: 10 }, (_, k) => aTask(`t${k}`));
      await port.enqueue(tasks);
      const claimed = await port.claim(100, tasks.length, LEASE_MS);
      const settled = await Promise.all(
        claimed.flatMap(task =>
          ['a', 'b', 'c'].map(as => port.settle(task, { next: [aSend(`${task.task.id} by ${as}`)] }, 100)),
        ),
      );
      expect(settled.filter(Boolean)).toHaveLength(tasks.length);
      expect(await port.claim(100, 100, LEASE_MS)).toHaveLength(tasks.length);
    });

    promises('what was given up is kept with its reason, the oldest first', async open => {
      const { port } = await open();
      for (const [id, failedAt] of [
        ['a', 100],
        ['b', 200],
        ['c', 300],
      ] as const) {
        await port.enqueue([aSend(id)]);
        await port.settle(await first(port), { next: [], deadLetter: `${id} failed` }, failedAt);
      }
      expect(await port.deadLetters(2)).toEqual([
        { task: aSend('a'), cause: 'a failed', failedAt: 100 },
        { task: aSend('b'), cause: 'b failed', failedAt: 200 },
      ]);
      expect(await port.claim(100_000, 10, LEASE_MS)).toEqual([]);
    });

    promises('what is redriven is due now, with no attempts', async open => {
      const { port } = await open();
      for (const id of ['a', 'b', 'c']) {
        await port.enqueue([aSend(id, { attempt: 4 })]);
        await port.settle(await first(port), { next: [], deadLetter: 'failed' }, 100);
      }
      expect(await port.redrive(2, 500)).toBe(2);
      expect(await port.claim(499, 10, LEASE_MS)).toEqual([]);
      expect([...idsOf(await port.claim(500, 10, LEASE_MS))].sort()).toEqual(['a', 'b']);
      expect((await port.deadLetters(10)).map(({ task }) => task.id)).toEqual(['c']);
      expect(await port.redrive(10, 500)).toBe(1);
      expect(await first(port, 500)).toMatchObject({ task: { id: 'c', attempt: 0, dueAt: 500 }, claims: 1 });
      expect(await port.redrive(10, 500)).toBe(0);
    });

    promises('of many who redrive at once, each puts back what no other does', async open => {
      const { port } = await open();
      const given = Array.from({ length: 12 }, (_, k) => aSend(`s${k}`));
      await port.enqueue(given);
      for (const task of await port.claim(100, given.length, LEASE_MS))
        await port.settle(task, { next: [], deadLetter: 'failed' }, 100);
      const counts = await Promise.all(Array.from({ length: 4 }, () => port.redrive(given.length, 500)));
      expect(counts.reduce((sum, count) => sum + count)).toBe(given.length);
      expect(await port.deadLetters(100)).toEqual([]);
      expect(await port.claim(500, 100, LEASE_MS)).toHaveLength(given.length);
    });

    promises("erasing takes a user's work, also what is under way, and nobody else's", async open => {
      const { port } = await open();
      await port.enqueue([aSend('given up')]);
      await port.settle(await first(port), { next: [], deadLetter: 'failed' }, 100);
      await port.enqueue([aTask('a')]);
      const underWay = await first(port);
      await port.enqueue([aTask('b'), aTask('of bob', { user: BOB })]);
      await port.erase(ALICE);
      expect(await port.settle(underWay, { next: [aSend('follows')] }, 100)).toBe(false);
      expect(idsOf(await port.claim(100_000, 10, LEASE_MS))).toEqual(['of bob']);
      expect(await port.deadLetters(10)).toEqual([]);
    });

    promises('what one instance takes on, another gives out, once', ['two-instances'], async open => {
      const fixture = await open();
      const twin = await twinOf(fixture);
      await fixture.port.enqueue([aTask('a')]);
      const claimed = await first(twin);
      expect(await fixture.port.claim(100, 10, LEASE_MS)).toEqual([]);
      expect(await twin.settle(claimed, { next: [] }, 100)).toBe(true);
    });
  });
