import type { Message, Position } from '../../domain/message.ts';
import type { LogPage, LogQuery } from '../../ports/message-store.ts';

/** Offsets `from` to `to`, both included. */
export interface LogRange {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** @returns the first messages kept of a range, in order and without a gap */
type ReadKept = (range: LogRange) => Promise<readonly Message[]>;

/** A page of a log whose newest place was read before: everything up to it is there to be read after. */
export const readPage = (position: Position, query: LogQuery, readKept: ReadKept): Promise<LogPage> =>
  query.after === undefined
    ? readBack(position, query.before ?? Number.POSITIVE_INFINITY, query.limit, readKept)
    : readOn(position, query.after, query.limit, readKept);

const readOn = async (
  position: Position,
  after: number,
  limit: number,
  readKept: ReadKept,
): Promise<LogPage> => {
  const messages = await readKept({ from: after + 1, to: position.offset, limit });
  const firstKept = messages[0]?.offset ?? position.offset + 1;
  const last = messages.at(-1)?.offset ?? position.offset;
  return { messages, position, complete: last === position.offset, trimmed: after + 1 < firstKept };
};

const readBack = async (
  position: Position,
  before: number,
  limit: number,
  readKept: ReadKept,
): Promise<LogPage> => {
  const end = Math.min(before, position.offset + 1);
  const from = Math.max(1, end - limit);
  // One more than asked for, to know whether there is another page.
  const run = await readKept({ from: from - 1, to: end - 1, limit: limit + 1 });
  const reachesEnd = run.at(-1)?.offset === end - 1;
  const messages = reachesEnd ? run.filter(({ offset }) => offset >= from) : [];
  const complete = messages.length === run.length || !reachesEnd;
  return { messages, position, complete, trimmed: messages.length < end - from };
};
