import { FanfareError } from '../../domain/errors.ts';
import type { IndexPage, IndexQuery } from '../../ports/connection-index.ts';

/** Where an entry stands: the higher rank first, then by name. */
export interface Place {
  readonly rank: number;
  readonly name: string;
}

/** A page of entries in order, found in one pass that keeps no more of them than the page has. */
export const firstEntries = <Entry>(
  entries: Iterable<Entry>,
  placeOf: (entry: Entry) => Place,
  { limit, cursor }: IndexQuery,
): IndexPage<Entry> => {
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  /** In order; one more than the page, which tells whether there are others. */
  const kept: { readonly place: Place; readonly entry: Entry }[] = [];
  let total = 0;
  for (const entry of entries) {
    total += 1;
    const place = placeOf(entry);
    const last = kept[limit]?.place;
    if ((after && compare(place, after) <= 0) || (last && compare(place, last) > 0)) continue;
    let index = kept.length;
    while (index > 0 && compare(place, kept[index - 1]?.place as Place) < 0) index -= 1;
    kept.splice(index, 0, { place, entry });
    kept.splice(limit + 1);
  }
  const page = kept.slice(0, limit);
  const end = page.at(-1)?.place;
  return {
    entries: page.map(({ entry }) => entry),
    total,
    ...(kept.length > limit && end ? { next: `${end.rank} ${end.name}` } : {}),
  };
};

const compare = (a: Place, b: Place): number =>
  b.rank - a.rank || (a.name < b.name ? -1 : Number(a.name > b.name));

const parseCursor = (cursor: string): Place => {
  const [, rank, name] = /^(\d{1,16}) (.+)$/.exec(cursor) ?? [];
  if (rank !== undefined && name !== undefined) return { rank: Number(rank), name };
  throw new FanfareError('invalid', 'expected the cursor of a page before', { field: 'cursor' });
};
