import { describe, expect, test } from 'vitest';
import { REDRIVE_LIMIT } from '../../src/domain/delivery.ts';
import { Redrive } from '../../src/domain/use-cases/redrive.ts';
import { aConnection, aJob, aMessage, anIdentity } from '../support/builders.ts';
import { aWorld } from '../support/world.ts';

const admin = anIdentity({ admin: true });

const open = async (deadLetters: number) => {
  const world = aWorld();
  const jobs = Array.from({ length: deadLetters }, () => aJob({ attempt: 5 }));
  for (const job of jobs) await world.queue.deadLetter(job, 'throttled (1)');
  return { ...world, jobs, redrive: new Redrive(world) };
};

describe('Redrive', () => {
  test('shows the oldest dead letters with their cause, and says whether there are others', async () => {
    const { redrive, jobs } = await open(3);
    expect(await redrive.look(admin, 2)).toEqual({
      deadLetters: jobs
        .slice(0, 2)
        .map(job => ({ job, cause: 'throttled (1)', failedAt: expect.any(Number) })),
      complete: false,
    });
    expect(await redrive.look(admin, 3)).toMatchObject({ complete: true });
  });

  test('brings a message to who did not get it', async () => {
    const { redrive, queue, gateway, clock } = await open(0);
    const { id } = aConnection();
    const message = aMessage();
    await queue.deadLetter(aJob({ message, connectionIds: [id], attempt: 5 }), 'throttled (1)');
    expect(await redrive.execute(admin)).toBe(1);
    await clock.advance(0);
    expect(gateway.received(id)).toHaveLength(1);
    expect(await redrive.look(admin)).toEqual({ deadLetters: [], complete: true });
  });

  test('puts back no more than it was asked for, and says how many', async () => {
    const { redrive } = await open(REDRIVE_LIMIT + 2);
    expect(await redrive.execute(admin)).toBe(REDRIVE_LIMIT);
    expect(await redrive.execute(admin, 1)).toBe(1);
    expect(await redrive.execute(admin)).toBe(1);
    expect(await redrive.execute(admin)).toBe(0);
  });

  test('is for admins', async () => {
    const { redrive, queue } = await open(1);
    const refusal = { code: 'forbidden', message: 'expected an admin token' };
    await expect(redrive.look(anIdentity())).rejects.toMatchObject(refusal);
    await expect(redrive.execute(anIdentity())).rejects.toMatchObject(refusal);
    expect(await queue.deadLetters(10)).toHaveLength(1);
  });
});
