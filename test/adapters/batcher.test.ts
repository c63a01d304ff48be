import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { BatcherOptions } from '../../src/adapters/storage/batcher.ts';
import { Batcher, within } from '../../src/adapters/storage/batcher.ts';

/** What a batch leads to has come, up to the beginning of the next. */
const settled = async (): Promise<void> => {
  await turn();
  await turn();
};

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
    await settled();
  };
  const answers: string[] = [];
  const ask = async (...items: readonly string[]): Promise<void> => {
    for (const item of items)
      batcher.ask(item).then(
        answer => answers.push(answer),
        (error: Error) => answers.push(`${item}: ${error.message}`),
      );
    await settled();
  };
  return { ask, answers, begun, end };
};

describe('A batcher', () => {
  test('does what is asked for in one turn together, and then what comes meanwhile', async () => {
    const { ask, answers, begun, end } = slow();
    await ask('a', 'b');
    await ask('c');
    await ask('d', 'e');
    expect(begun).toEqual([['a', 'b']]);
    await end();
    expect(answers).toEqual(['A', 'B']);
    expect(begun).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
    await end();
    expect(answers).toEqual(['A', 'B', 'C', 'D', 'E']);
    await ask('f');
    expect(begun.at(-1)).toEqual(['f']);
  });

  test('takes no more at a time than fit', async () => {
    const { ask, begun, end } = slow({ fitting: items => within(4, items, ({ length }) => length) });
    await ask('abc', 'd', 'e', 'fg', 'hijklm', 'n');
    for (let batches = 0; batches < 4; batches++) await end();
    expect(begun).toEqual([['abc', 'd'], ['e', 'fg'], ['hijklm'], ['n']]);
  });

  test('leaves the second of a name for the next batch', async () => {
    const { ask, begun, end } = slow({ nameOf: ([first = '']) => first });
    await ask('a1', 'b', 'a2', 'c', 'a3');
    for (let batches = 0; batches < 3; batches++) await end();
    expect(begun).toEqual([['a1', 'b'], ['a2', 'c'], ['a3']]);
  });

  test('does what is of different lanes side by side', async () => {
    const { ask, begun, end } = slow({ laneOf: ([first = '']) => first });
    await ask('a1', 'b1');
    await ask('a2', 'b2', 'a3');
    expect(begun).toEqual([['a1'], ['b1']]);
    await end();
    expect(begun).toEqual([['a1'], ['b1'], ['a2', 'a3']]);
  });

  test('fails those whose batch failed, and nobody else', async () => {
    const { ask, answers, end } = slow();
    await ask('a');
    await ask('b', 'c');
    await end();
    await end(new Error('no database'));
    await ask('d');
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
    expect(await outcomes('a', '!', 'b')).toEqual(['a', 'bad', 'b']);
    expect(begun).toEqual(['a!b', 'a', '!', 'b']);
    expect(await outcomes('a', '?', 'b')).toEqual(['no database', 'no database', 'no database']);
  });

  test('fails those whose batch was not answered in full', async () => {
    const batcher = new Batcher<string, string>({ work: async () => [] });
    await expect(batcher.ask('a')).rejects.toThrow('without an answer to each');
  });
});
