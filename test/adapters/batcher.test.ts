import { describe, expect, test } from 'vitest';
import type { BatcherOptions } from '../../src/adapters/storage/batcher.ts';
import { Batcher, within } from '../../src/adapters/storage/batcher.ts';

/** Batches that end when they are told to, each with its items in capitals. */
const slow = (options: Partial<BatcherOptions<string, string>> = {}) => {
  const begun: (readonly string[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const batcher = new Batcher<string, string>({
    work: items => {
      begun.push(items);
      return new Promise((resolve, reject) => {
        ends.push(error =>
          error === undefined ? resolve(items.map(item => item.toUpperCase())) : reject(error),
        );
      });
    },
    ...options,
  });
  const end = async (error?: Error): Promise<void> => {
    ends.shift()?.(error);
    await new Promise(resolve => setImmediate(resolve));
  };
  const answers: string[] = [];
  const ask = (...items: readonly string[]): void => {
    for (const item of items)
      batcher.ask(item).then(
        answer => answers.push(answer),
        (error: Error) => answers.push(`${item}: ${error.message}`),
      );
  };
  return { ask, answers, begun, end };
};

describe('A batcher', () => {
  test('begins at once, and does what comes meanwhile together', async () => {
    const { ask, answers, begun, end } = slow();
    ask('a', 'b', 'c');
    expect(begun).toEqual([['a']]);
    await end();
    expect(answers).toEqual(['A']);
    expect(begun).toEqual([['a'], ['b', 'c']]);
    await end();
    expect(answers).toEqual(['A', 'B', 'C']);
    ask('d');
    expect(begun.at(-1)).toEqual(['d']);
  });

  test('takes no more at a time than fit', async () => {
    const { ask, begun, end } = slow({ fitting: items => within(4, items, ({ length }) => length) });
    ask('a', 'bcd', 'e', 'fg', 'hijklm', 'n');
    for (let batches = 0; batches < 5; batches++) await end();
    expect(begun).toEqual([['a'], ['bcd', 'e'], ['fg'], ['hijklm'], ['n']]);
  });

  test('leaves the second of a name for the next batch', async () => {
    const { ask, begun, end } = slow({ nameOf: ([first = '']) => first });
    ask('x', 'a1', 'b', 'a2', 'c', 'a3');
    for (let batches = 0; batches < 4; batches++) await end();
    expect(begun).toEqual([['x'], ['a1', 'b'], ['a2', 'c'], ['a3']]);
  });

  test('does what is of different lanes side by side', async () => {
    const { ask, begun, end } = slow({ laneOf: ([first = '']) => first });
    ask('a1', 'b1', 'a2', 'b2', 'a3');
    expect(begun).toEqual([['a1'], ['b1']]);
    await end();
    expect(begun).toEqual([['a1'], ['b1'], ['a2', 'a3']]);
  });

  test('fails those whose batch failed, and nobody else', async () => {
    const { ask, answers, end } = slow();
    ask('a', 'b', 'c');
    await end();
    await end(new Error('no database'));
    ask('d');
    await end();
    expect(answers).toEqual(['A', 'b: no database', 'c: no database', 'D']);
  });

  test('does each alone where what failed may be one of them', async () => {
    const begun: string[] = [];
    const batcher = new Batcher<string, string>({
      isApart: error => (error as Error).message !== 'no database',
      work: async items => {
        begun.push(items.join(''));
        if (items.includes('!')) throw new Error('bad');
        if (items.includes('?')) throw new Error('no database');
        return items;
      },
    });
    const outcomes = async (...items: readonly string[]): Promise<readonly string[]> =>
      Promise.all(items.map(item => batcher.ask(item).catch((error: Error) => error.message)));
    expect(await outcomes('x', 'a', '!', 'b')).toEqual(['x', 'a', 'bad', 'b']);
    expect(begun).toEqual(['x', 'a!b', 'a', '!', 'b']);
    expect(await outcomes('x', 'a', '?', 'b')).toEqual(['x', 'no database', 'no database', 'no database']);
  });

  test('fails those whose batch was not answered in full', async () => {
    const batcher = new Batcher<string, string>({ work: async () => [] });
    await expect(batcher.ask('a')).rejects.toThrow('without an answer to each');
  });
});
