import { FanfareError } from '../../domain/errors.ts';

/** A place among entries that are sorted by time, and within one time by when they were told. */
export interface TrailPlace {
  readonly at: number;
  readonly position: number;
}

export const cursorOf = ({ at, position }: TrailPlace): string => `${at}-${position}`;

/** @throws FanfareError `invalid`, naming `cursor`, for what is none */
export const parseCursor = (cursor: string | undefined): TrailPlace | undefined => {
  if (cursor === undefined) return undefined;
  const [, at, position] = /^(\d{1,15})-(\d{1,15})$/.exec(cursor) ?? [];
  if (at !== undefined && position !== undefined) return { at: Number(at), position: Number(position) };
  throw new FanfareError('invalid', 'expected the `next` of another page', { field: 'cursor' });
};

/** A page of what was read: one more than asked for tells that there is another. */
export const pageOf = <Item extends TrailPlace>(
  items: readonly Item[],
  limit: number,
): { readonly items: readonly Item[]; readonly next?: string } => {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, ...(items.length > limit && last !== undefined ? { next: cursorOf(last) } : {}) };
};
