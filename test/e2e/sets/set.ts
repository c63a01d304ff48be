import { afterAll, beforeAll, describe } from 'vitest';
import type { Stack } from '../../support/stack.ts';
import { testUnless } from '../../support/test-unless.ts';

/** A way in which Fanfare runs, and what it cannot do otherwise. */
export interface Composition {
  readonly name: string;
  /** Why it cannot run here at all. */
  readonly unavailable?: string;
  /** What a connection that sends too much is closed with: API Gateway's own call knows no code but 1000. */
  readonly codeForAbuse: 1000 | 1008;
  open(env: Readonly<Record<string, string>>): Promise<Stack>;
}

/** Declares what a user sees, in a sentence. */
export type Shows = (
  sentence: string,
  body: (stack: Stack, composition: Composition) => Promise<void>,
) => void;

/** What belongs together, under a heading. */
export interface Chapter {
  readonly title: string;
  readonly declare: (shows: Shows) => void;
}

/** The rules of channels that the set is about; all other channels have none. */
const CHANNELS = [
  { pattern: 'room:here-*', presence: true },
  {
    pattern: 'topic:orders',
    schema: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } },
  },
  { pattern: 'topic:scores', publish: 'admin', history: false },
  { pattern: 'topic:slow', rate: { perSecond: 0.01, burst: 2 } },
];

/** Low enough that an emulator on a busy machine is faster. */
const ENV = {
  FANFARE_CHANNELS: JSON.stringify(CHANNELS),
  FANFARE_FRAMES_PER_SECOND: '2',
  FANFARE_FRAMES_BURST: '30',
  FANFARE_REQUESTS_PER_SECOND: '1',
  FANFARE_REQUESTS_BURST: '8',
};

/** The end-to-end set on one composition: one server, real sockets. */
export const endToEnd = (composition: Composition, chapters: readonly Chapter[]): void =>
  void describe(composition.name, () => {
    let stack: Stack;
    beforeAll(async () => {
      if (composition.unavailable === undefined) stack = await composition.open(ENV);
    }, 60_000);
    afterAll(() => stack?.close());
    for (const { title, declare } of chapters) {
      describe(title, () =>
        declare((sentence, body) =>
          testUnless(composition.unavailable)(sentence, () => body(stack, composition)),
        ),
      );
    }
  });
