import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settled } from '../support/settled.ts';
import { aLookup } from '../support/slow-lookup.ts';

describe('After a write', () => {
  test('what was read before it is not kept', async () => {
    const world = aLookup();
    world.slow = true;
    const before = world.get();
    await settled();
    await world.save('new');
    world.answer();
    expect(await before).toBe('old');
    world.slow = false;
    expect(await world.get()).toBe('new');
  });

  test('what was read while it was under way is not kept', async () => {
    const world = aLookup();
    await world.lookup.changing('key', async () => {
      expect(await world.get()).toBe('old');
      world.stored = 'new';
    });
    expect(await world.get()).toBe('new');
  });

  test('nobody waits with those who asked before it', async () => {
    const world = aLookup();
    world.slow = true;
    const before = world.get();
    await settled();
    await world.save('new');
    const after = world.get();
    await settled();
    for (let answers = 0; answers < 2; answers++) world.answer();
    expect([await before, await after]).toEqual(['old', 'new']);
    // The later one was kept, though the earlier one ended beside it.
    expect([await world.get(), world.loads]).toEqual(['new', 2]);
  });

  test('that failed, perhaps after it was done, nothing is known', async () => {
    const world = aLookup();
    await world.get();
    const failing = world.lookup.changing('key', async () => {
      world.stored = 'new';
      throw new Error('nobody heard that it was done');
    });
    await expect(failing).rejects.toThrow('nobody heard');
    expect(await world.get()).toBe('new');
  });

  test('whatever happens in whatever order, nobody reads what was overwritten before they asked', async () => {
    const steps = fc.array(fc.constantFrom('read', 'answer', 'write', 'down', 'up', 'wait'), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(steps, async plan => {
        const world = aLookup({ stored: '0' });
        world.slow = true;
        let version = 0;
        const reads: Promise<void>[] = [];
        for (const step of plan) {
          if (step === 'read') {
            const least = version;
            reads.push(world.get().then(value => expect(Number(value)).toBeGreaterThanOrEqual(least)));
          }
          if (step === 'answer') world.answer();
          if (step === 'write') await world.save(String(++version));
          if (step === 'down' || step === 'up') world.cache.down = step === 'down';
          if (step === 'wait') await world.clock.advance(20_000);
          await settled();
        }
        for (let answered = 0; answered <= plan.length; answered++) {
          world.answer();
          await settled();
        }
        await Promise.all(reads);
      }),
      { numRuns: 300 },
    );
  });
});
