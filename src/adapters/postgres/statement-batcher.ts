import { FanfareError } from '../../domain/errors.ts';
import type { BatcherOptions } from '../storage/batcher.ts';
import { Batcher, within } from '../storage/batcher.ts';
import { isConflict } from './postgres-errors.ts';

/** One statement's, so that it neither takes long nor holds others up. */
export const MAX_ROWS = 1_000;
const MAX_BYTES = 4_000_000;

/**
 * What is asked for while a statement is under way goes into the next one together. A statement that fails otherwise
 * than for want of the database is executed for each item alone: what one has done wrong is nobody else's failure.
 */
export const statementBatcher = <Item, Answer>(
  options: Omit<BatcherOptions<Item, Answer>, 'laneOf' | 'isApart'>,
): Batcher<Item, Answer> =>
  new Batcher({ fitting: ({ length }) => Math.min(length, MAX_ROWS), ...options, isApart });

/** The same for what is only to be written, and has no answer. */
export const writeBatcher = <Item>({
  work,
  ...options
}: Omit<BatcherOptions<Item, void>, 'laneOf' | 'isApart' | 'work'> & {
  readonly work: (items: readonly Item[]) => Promise<void>;
}): Batcher<Item, void> =>
  statementBatcher<Item, void>({
    ...options,
    work: async items => {
      await work(items);
      return items.map(() => undefined);
    },
  });

/** For what callers give in lists: each stays together, and all of them are as many rows as a statement may have. */
export const fittingLists = (lists: readonly (readonly unknown[])[]): number =>
  within(MAX_ROWS, lists, ({ length }) => length);

/** For items with payloads. @param size of an item's, in bytes or characters */
export const fittingPayloads =
  <Item>(size: (item: Item) => number) =>
  (items: readonly Item[]): number =>
    within(MAX_BYTES, items.slice(0, MAX_ROWS), size);

/** Conflicts are of items that stood in somebody's way; a database that is not there is everybody's. */
const isApart = (error: unknown): boolean => !(error instanceof FanfareError) || isConflict(error.cause);
