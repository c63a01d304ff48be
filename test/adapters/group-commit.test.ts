import { describe, expect, test } from 'vitest';
import { GroupCommit } from '../../src/adapters/storage/group-commit.ts';

/** Writes that end when they are told to. */
const slow = () => {
  const written: (readonly number[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const commits = new GroupCommit<number>({ items: 4 }, items => {
    written.push(items);
    return new Promise((resolve, reject) => {
      ends.push(error => (error === undefined ? resolve() : reject(error)));
    });
  });
  const end = async (error?: Error): Promise<void> => {
    ends.shift()?.(error);
    await new Promise(resolve => setImmediate(resolve));
  };
  return { commits, written, end };
};

describe('A group commit', () => {
  test('writes at once, and what comes meanwhile together', async () => {
    const { commits, written, end } = slow();
    const settled: string[] = [];
    const append = (name: string, ...items: readonly number[]): void =>
      void commits.append(items).then(() => settled.push(name));
    append('first', 1);
    append('second', 2, 3);
    append('third', 4);
    expect(written).toEqual([[1]]);
    await end();
    expect(settled).toEqual(['first']);
    expect(written).toEqual([[1], [2, 3, 4]]);
    await end();
    expect(settled).toEqual(['first', 'second', 'third']);
  });

  test('writes no more than its limit at a time, and leaves what one gave together', async () => {
    const { commits, written, end } = slow();
    for (const items of [[1], [2, 3, 4], [5, 6], [7, 8, 9, 10, 11], [12]]) void commits.append(items);
    for (let writes = 0; writes < 5; writes++) await end();
    expect(written).toEqual([[1], [2, 3, 4], [5, 6], [7, 8, 9, 10, 11], [12]]);
  });

  test('fails those whose write failed, and nobody else', async () => {
    const { commits, end } = slow();
    const outcome = (items: readonly number[]): Promise<string> =>
      commits.append(items).then(
        () => 'written',
        (error: Error) => error.message,
      );
    const outcomes = [outcome([1]), outcome([2]), outcome([3])];
    await end();
    await end(new Error('no database'));
    const later = outcome([4]);
    await end();
    expect(await Promise.all([...outcomes, later])).toEqual([
      'written',
      'no database',
      'no database',
      'written',
    ]);
  });
});
