import { describe, expect, test } from 'vitest';
import { connectionId } from '../../src/domain/ids.ts';
import { aChannel, anIdentity } from '../support/builders.ts';
import { aWorld, follow } from '../support/world.ts';

const lobby = aChannel('room:lobby');
const identity = anIdentity({
  capabilities: [{ pattern: 'room:*', actions: ['subscribe', 'publish'] }],
  expiresAt: Number.MAX_SAFE_INTEGER,
});
const TWO_DAYS_MS = 172_800_000;

/** A world in which a client follows the lobby, whose log has so many messages. */
const withLog = async (messages: number) => {
  const world = aWorld();
  const request = { id: connectionId('socket-1'), identity, longestLifeMs: TWO_DAYS_MS };
  const connection = await world.connect.execute(request);
  const send = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) await world.sendMessage.execute(identity, { channel: lobby, data: n });
  };
  await send(messages);
  const { epoch } = await world.store.position(lobby);
  const resume = (offset: number, from = epoch) => follow(world, connection, lobby, { epoch: from, offset });
  return { ...world, connection, send, resume, epoch };
};

const offsets = ({ missed }: { readonly missed: readonly { readonly offset: number }[] }) =>
  missed.map(({ offset }) => offset);

describe('Subscribing from where one left off', () => {
  test('replays exactly what was missed, in order', async () => {
    const { resume } = await withLog(5);
    const answer = await resume(2);
    expect(answer).toMatchObject({ recovered: true, position: { offset: 5 } });
    expect(offsets(answer)).toEqual([3, 4, 5]);
  });

  test('with nothing missed is recovered, and replays nothing', async () => {
    const { resume, epoch } = await withLog(5);
    expect(await resume(5)).toEqual({
      channel: lobby,
      position: { epoch, offset: 5 },
      recovered: true,
      missed: [],
    });
  });

  test('at the start of a log that nobody has written to is recovered', async () => {
    const { resume } = await withLog(0);
    expect(await resume(0)).toMatchObject({ recovered: true, missed: [] });
  });

  test('replays 300 messages, and not one of 301', async () => {
    const { resume } = await withLog(301);
    expect(offsets(await resume(1))).toHaveLength(300);
    expect(await resume(0)).toMatchObject({ recovered: false, missed: [], position: { offset: 301 } });
  });

  test('below what is kept is not recovered', async () => {
    const { resume, clock, send } = await withLog(3);
    await clock.advance(25 * 3_600_000);
    await send(1);
    expect(await resume(1)).toMatchObject({ recovered: false, missed: [], position: { offset: 4 } });
    expect(offsets(await resume(3))).toEqual([4]);
  });

  test('of another epoch, as every position of another channel is, is not recovered', async () => {
    const { resume, epoch } = await withLog(3);
    const answer = await resume(3, 'another');
    expect(answer).toMatchObject({ recovered: false, missed: [], position: { epoch, offset: 3 } });
  });

  test('from beyond the newest message is not recovered', async () => {
    const { resume } = await withLog(3);
    expect(await resume(4)).toMatchObject({ recovered: false, missed: [] });
    expect(await resume(Number.MAX_SAFE_INTEGER)).toMatchObject({ recovered: false, missed: [] });
  });

  test('without a position asks for no replay, and gets none', async () => {
    const { connection, ...world } = await withLog(3);
    expect(await follow(world, connection, lobby)).toMatchObject({ recovered: false, missed: [] });
  });
});

describe('Subscribing to many channels at once', () => {
  test('answers for each in their order, and one that is refused holds up none', async () => {
    const { subscribe, connection } = await withLog(2);
    const channels = ['room:a', 'topic:secret', 'room:lobby', 'user:alice'].map(aChannel);
    const outcomes = await subscribe.execute(
      connection,
      channels.map(channel => ({ channel })),
    );
    expect(outcomes.map(({ channel }) => channel)).toEqual(channels);
    expect(
      outcomes.map(outcome => ('error' in outcome ? outcome.error.code : outcome.position.offset)),
    ).toEqual([0, 'forbidden', 2, 0]);
  });

  test('follows as many as there is room for', async () => {
    const { subscribe, connection, registry } = await withLog(0);
    const wanted = Array.from({ length: 100 }, (_, n) => ({ channel: aChannel(`room:${n}`) }));
    const outcomes = await subscribe.execute(connection, wanted);
    const refused = outcomes.filter(outcome => 'error' in outcome);
    expect(refused.map(({ channel }) => channel)).toEqual(['room:98', 'room:99']);
    expect(await registry.subscriptions(connection.id)).toHaveLength(100);
  });
});
