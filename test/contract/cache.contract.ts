import { expect } from 'vitest';
import type { Cache } from '../../src/ports/cache.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

export interface CacheLimits {
  readonly maxEntries: number;
}

const HOUR_MS = 3_600_000;

export const cacheContract = (harness: Harness<Fixture<Cache<unknown>>, CacheLimits>): void =>
  contract('Cache', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [await open(), await open()];
      await one.port.set('key', 'value', HOUR_MS);
      expect(await other.port.get('key')).toBeUndefined();
      await other.port.delete('key');
      expect(await one.port.get('key')).toBe('value');
    });

    promises('what was set is found, whatever JSON it is', async open => {
      const { port } = await open();
      const values = { text: 'ä', list: [1, null, { deep: true }], falsy: false, zero: 0, empty: '' };
      for (const [key, value] of Object.entries(values)) await port.set(key, value, HOUR_MS);
      for (const [key, value] of Object.entries(values)) expect(await port.get(key)).toEqual(value);
    });

    promises('what was never set is not found', async open => {
      const { port } = await open();
      expect(await port.get('never')).toBeUndefined();
    });

    promises('the last value set is the one found', async open => {
      const { port } = await open();
      await port.set('key', 'first', HOUR_MS);
      await port.set('key', 'second', HOUR_MS);
      expect(await port.get('key')).toBe('second');
    });

    promises('what was deleted is not found, and deleting what is not there does nothing', async open => {
      const { port } = await open();
      await port.set('key', 'value', HOUR_MS);
      await port.set('other', 'kept', HOUR_MS);
      await port.delete('key');
      await port.delete('key');
      expect(await port.get('key')).toBeUndefined();
      expect(await port.get('other')).toBe('kept');
    });

    promises('an entry is found until its time is over, and not after', ['manual-time'], async open => {
      const { port, advance } = await open();
      await port.set('key', 'value', 1_000);
      await advance(999);
      expect(await port.get('key')).toBe('value');
      await advance(1);
      expect(await port.get('key')).toBeUndefined();
    });

    promises(
      'reading an entry does not lengthen its time, setting it again does',
      ['manual-time'],
      async open => {
        const { port, advance } = await open();
        await port.set('read', 'value', 1_000);
        await port.set('set again', 'value', 1_000);
        await advance(600);
        await port.get('read');
        await port.set('set again', 'value', 1_000);
        await advance(600);
        expect(await port.get('read')).toBeUndefined();
        expect(await port.get('set again')).toBe('value');
      },
    );

    promises('a full cache forgets what was least recently used', ['limits'], async open => {
      const { port } = await open({ maxEntries: 2 });
      await port.set('read since', 1, HOUR_MS);
      await port.set('not used since', 2, HOUR_MS);
      await port.get('read since');
      await port.set('new', 3, HOUR_MS);
      expect(await port.get('not used since')).toBeUndefined();
      expect(await port.get('read since')).toBe(1);
      expect(await port.get('new')).toBe(3);
    });

    promises('setting a key again is using it, and takes no room of another', ['limits'], async open => {
      const { port } = await open({ maxEntries: 2 });
      await port.set('one', 1, HOUR_MS);
      await port.set('two', 2, HOUR_MS);
      await port.set('one', 1, HOUR_MS);
      expect(await port.get('two')).toBe(2);
      await port.set('one', 1, HOUR_MS);
      await port.set('three', 3, HOUR_MS);
      expect(await port.get('two')).toBeUndefined();
      expect(await port.get('one')).toBe(1);
    });

    promises('what one instance sets, another finds', ['two-instances'], async open => {
      const fixture = await open();
      const twin = await twinOf(fixture);
      await fixture.port.set('key', 'value', HOUR_MS);
      expect(await twin.get('key')).toBe('value');
    });
  });
