import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryMessageStore } from '../../src/adapters/local/memory-message-store.ts';
import { DEFAULT_RETENTION } from '../../src/domain/channel-policy.ts';
import { aChannel, aDraft } from '../support/builders.ts';
import { SequentialIds } from '../support/fakes.ts';
import { messageStoreContract } from './message-store.contract.ts';

/** More than any test of the contract writes to. */
const MAX_CHANNELS = 1_000;

let opened = 0;

messageStoreContract({
  name: 'MemoryMessageStore',
  lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
  open: async limits => {
    const clock = new ManualClock();
    const ids = new SequentialIds({ prefix: `store-${++opened}` });
    const retention = () => ({ ...DEFAULT_RETENTION, ...limits });
    const port = new MemoryMessageStore({ clock, ids, retention, maxChannels: MAX_CHANNELS });
    const lose = async () => {
      for (let others = 0; others < MAX_CHANNELS; others++) {
        await port.append(aDraft({ channel: aChannel(`topic:${others}`) }));
      }
    };
    return { port, clock, advance: ms => clock.advance(ms), lose };
  },
});

const aStore = (maxChannels: number) =>
  new MemoryMessageStore({ clock: new ManualClock(), ids: new SequentialIds(), maxChannels });
const [first, second, third] = [aChannel('room:1'), aChannel('room:2'), aChannel('room:3')];

test('with more channels than there is room for, the one written to longest ago is lost', async () => {
  const store = aStore(2);
  for (const channel of [first, second, first, third]) await store.append(aDraft({ channel }));
  expect((await store.position(first)).offset).toBe(2);
  expect((await store.position(third)).offset).toBe(1);
  expect((await store.position(second)).offset).toBe(0);
});

test('asking for channels that nobody writes to costs no other its log', async () => {
  const store = aStore(2);
  for (const channel of [first, second]) await store.append(aDraft({ channel }));
  for (let others = 0; others < 10; others++) await store.position(aChannel(`topic:${others}`));
  expect((await store.position(first)).offset).toBe(1);
  expect((await store.position(second)).offset).toBe(1);
});

test('an epoch that was promised is kept when another channel is lost meanwhile', async () => {
  const store = aStore(2);
  await store.append(aDraft({ channel: first }));
  const promised = await store.position(second);
  await store.append(aDraft({ channel: third }));
  await store.append(aDraft({ channel: second }));
  expect(await store.position(first)).not.toMatchObject({ offset: 1 });
  expect(await store.position(second)).toEqual({ epoch: promised.epoch, offset: 1 });
});
