import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { Database } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { openPGlite } from '../../src/adapters/postgres/open-pglite.ts';
import { PostgresMessageStore } from '../../src/adapters/postgres/postgres-message-store.ts';
import type { MessageDraft } from '../../src/domain/message.ts';
import { aChannel, aDraft } from '../support/builders.ts';
import { SequentialIds } from '../support/fakes.ts';

/** What no text of PostgreSQL can have. */
const NUL = String.fromCharCode(0);

describe('Statements for many', () => {
  let database: Database;
  let store: PostgresMessageStore;
  const clock = new ManualClock();
  const retention = () => ({ maxAgeMs: 1_000 });
  beforeAll(async () => {
    database = new Database({ kysely: await openPGlite(), schema: 'fanfare' });
    await migrate(database);
    store = new PostgresMessageStore({ database, clock, ids: new SequentialIds(), retention });
  });
  afterAll(() => database.close());

  const draft = (room: string, id: string): MessageDraft =>
    aDraft({ id: id as MessageDraft['id'], channel: aChannel(`room:${room}`), sentAt: clock.now() });
  const appendAll = (drafts: readonly MessageDraft[]): Promise<readonly (number | 'refused')[]> =>
    Promise.all(
      drafts.map(one =>
        store.append(one).then(
          ({ position }) => position.offset,
          () => 'refused' as const,
        ),
      ),
    );

  test('what cannot be written does not keep others from it', async () => {
    const drafts = [
      draft('a', '1'),
      draft('b', '2'),
      draft('a', `3${NUL}`),
      draft('a', '4'),
      draft('c', '5'),
    ];
    expect(await appendAll(drafts)).toEqual([1, 1, 'refused', 2, 1]);
  });

  test('nor does an id that is no longer kept', async () => {
    await store.append(draft('old', 'again'));
    await clock.advance(1_001);
    const drafts = [draft('d', '1'), draft('e', '2'), draft('old', 'again'), draft('d', '3')];
    expect(await appendAll(drafts)).toEqual([1, 1, 2, 2]);
  });
});
