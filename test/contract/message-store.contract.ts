import { expect } from 'vitest';
import type { Harness } from '../support/harness.ts';
import { contract, examplesOf, twinOf } from '../support/harness.ts';
import { appending } from './message-store/appending.ts';
import { forgetting } from './message-store/forgetting.ts';
import type { MessageStoreFixture, MessageStoreLimits } from './message-store/log.ts';
import { countingTo, LOBBY, offsets, withDrafts } from './message-store/log.ts';
import { reading } from './message-store/reading.ts';

export const messageStoreContract = (harness: Harness<MessageStoreFixture, MessageStoreLimits>): void =>
  contract('MessageStore', harness, promises => {
    const examples = examplesOf(harness);

    promises('two instances do not see each other', async open => {
      const [one, other] = [withDrafts(await open()), withDrafts(await open())];
      await one.append(3);
      expect(await other.port.read(LOBBY, { limit: 10 })).toMatchObject({ messages: [], complete: true });
      await other.append(1);
      expect(offsets(await one.port.read(LOBBY, { limit: 10 }))).toEqual([1, 2, 3]);
      expect((await one.port.position(LOBBY)).epoch).not.toBe((await other.port.position(LOBBY)).epoch);
    });

    appending(promises, examples);
    reading(promises, examples);
    forgetting(promises, examples);

    promises('what one instance appends, another continues', ['two-instances'], async open => {
      const fixture = withDrafts(await open());
      const twin = await twinOf(fixture);
      const ports = [fixture.port, twin];
      await Promise.all(
        ports.flatMap(port => Array.from({ length: 10 }, () => port.append(fixture.draftNow()))),
      );
      for (const port of ports)
        expect(offsets(await port.read(LOBBY, { limit: 100 }))).toEqual(countingTo(20));
    });
  });
