import type { Digest } from './digest.ts';

/** A kind of notification that people can have their own wishes about, with what holds for those who have none. */
export interface Category {
  /** `default` for a notification without one. */
  readonly name: string;
  /** ms that screens have to acknowledge before phones are pushed; 0 to 900,000. */
  readonly pushAfterMs: number;
  /** Whether it is shown on screens and kept in the inbox. */
  readonly screen: boolean;
  readonly push: boolean;
  readonly digest?: Digest;
  readonly cap?: Cap;
  /** Whether the trail keeps no title, body or data. */
  readonly private: boolean;
}

/** How many pushes of a category a user gets within a window. */
export interface Cap {
  /** At least 1. */
  readonly max: number;
  /** ms before each push; 60,000 (a minute) to 2,592,000,000 (30 days). */
  readonly windowMs: number;
  /** What becomes of the rest. A digest is the category's, or an hourly one where it has none. */
  readonly over: 'drop' | 'digest';
}

/** The category of a name, or of none. */
export type Categories = (name: string | undefined) => Category;

export const DEFAULT_CATEGORY: Category = {
  name: 'default',
  pushAfterMs: 5_000,
  screen: true,
  push: true,
  private: false,
};

/**
 * A name that is not configured is a category all the same, of which users can have their wishes.
 *
 * @param configured what one of the name `default` says holds for those that are not
 */
export const categoriesOf = (configured: readonly Category[]): Categories => {
  const byName = new Map(configured.map(category => [category.name, category]));
  const otherwise = byName.get(DEFAULT_CATEGORY.name) ?? DEFAULT_CATEGORY;
  return name => (name === undefined ? otherwise : (byName.get(name) ?? { ...otherwise, name }));
};
