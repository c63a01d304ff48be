import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { History, Message, Position } from '../../src/client/index.ts';
import type { Subscribed } from '../../src/client/sequencer.ts';
import { Sequencer } from '../../src/client/sequencer.ts';
import type { Told } from '../support/exact-log.ts';
import { requireExactLog } from '../support/exact-log.ts';
import { ModelLog } from '../support/model-log.ts';

const ROOM = 'room:talk';

const script = fc.record({
  fromStart: fc.boolean(),
  steps: fc.array(
    fc.record({
      name: fc.constantFrom(
        'append',
        'append',
        'ask',
        'ask',
        'page',
        'carryOut',
        'deliver',
        'deliver',
        'forget',
        'trim',
      ),
      which: fc.nat({ max: 100 }),
    }),
    { maxLength: 40 },
  ),
});

/** Takes one of those that there are. */
const take = <One>(from: One[], which: number): One | undefined =>
  from.splice(which % Math.max(1, from.length), 1)[0];

/** Any number of questions under way at once, carried out and answered in any order, while the log goes on or ends. */
const play = ({ fromStart, steps }: typeof script extends fc.Arbitrary<infer Value> ? Value : never) => {
  const log = new ModelLog(ROOM);
  const told: Told[] = [];
  const sequencer = new Sequencer(ROOM, fromStart ? log.position : undefined, {
    message: message => told.push(message),
    unrecoverable: gap => told.push(gap),
  });
  let start = sequencer.position;
  const asked: (() => void)[] = [];
  const arriving: (() => void)[] = [];
  const ask = () => {
    const since = sequencer.ask();
    asked.push(() => {
      const answer = structuredClone(log.subscribed(since)) as Subscribed;
      arriving.push(() => {
        const historyNeeded = sequencer.answer(since, answer);
        start ??= answer.position;
        if (historyNeeded) page(sequencer.position);
      });
    });
  };
  const page = (at: Position | undefined) => {
    if (!at) return;
    asked.push(() => {
      const answer = structuredClone(log.history(at.offset)) as History;
      arriving.push(() => sequencer.page(answer));
    });
  };
  const act: Record<string, (which: number) => unknown> = {
    append: which => {
      const message: Message = log.append(which, '');
      for (let copy = 0; copy < which % 3; copy++) arriving.push(() => sequencer.push(message));
    },
    ask,
    page: () => page(sequencer.position),
    carryOut: which => take(asked, which)?.(),
    deliver: which => take(arriving, which)?.(),
    forget: () => log.forget(),
    trim: which => log.trim(which % 4),
  };
  for (const { name, which } of steps) act[name]?.(which);
  const settle = (first: number) => {
    for (let which = first; asked.length + arriving.length > 0; which++) {
      take(asked, which)?.();
      take(arriving, which)?.();
    }
  };
  settle(steps.length);
  // Whoever drives it asks as long as it is behind; the last question follows all that was late.
  for (let rounds = 0; rounds === 0 || sequencer.behind; rounds++) {
    assert(rounds < 100, 'is behind for ever');
    ask();
    settle(rounds);
  }
  return { log, told, start };
};

describe('The sequencer', () => {
  test('makes exactly the log of answers to many questions at once, however late each is, over the ends of logs', () => {
    fc.assert(
      fc.property(script, given => {
        const { log, told, start } = play(given);
        assert(start);
        assert.deepEqual(requireExactLog(told, start, log), log.position);
      }),
      { numRuns: 20_000 },
    );
  });
});
