import { describe, expect, test } from 'vitest';
import { Fanfare } from '../../src/client/index.ts';
import { ModelServer } from '../support/model-server.ts';
import { VirtualTime } from '../support/virtual-time.ts';

const aClient = async () => {
  const time = new VirtualTime(1);
  const server = new ModelServer(time, { channel: 'room:talk', lifeMs: 7_200_000, losesPushes: false });
  server.calm = true;
  const client = new Fanfare({
    url: 'ws://model/ws',
    getToken: () => 'token',
    runtime: {
      now: () => time.now(),
      after: (ms, callback) => time.after(ms, callback),
      random: () => time.random(),
      onWake: callback => time.onWake(callback),
    },
    transport: server,
  });
  await time.advance(1_000);
  expect(client.state.name).toBe('connected');
  return { time, server, client };
};

describe('A client that was closed', () => {
  test('tries again at once when it is woken', async () => {
    const { time, server, client } = await aClient();
    server.closeAll(1006);
    expect(client.state.name).toBe('waiting');
    time.wake();
    expect(client.state.name).toBe('connecting');
    await time.advance(200);
    expect(client.state.name).toBe('connected');
  });

  test('1008 before its token ends stays away for a minute, whoever wakes it', async () => {
    const { time, server, client } = await aClient();
    server.closeAll(1008);
    await time.advance(59_000);
    time.wake();
    await time.advance(500);
    expect([client.state.name, server.opened]).toEqual(['waiting', 1]);
    await time.advance(500);
    time.wake();
    await time.advance(200);
    expect([client.state.name, server.opened]).toEqual(['connected', 2]);
  });
});
