import { describe, expect, test } from 'vitest';
import { aModelClient } from '../support/model-client.ts';

const aConnectedClient = async () => {
  const model = aModelClient();
  await model.time.advance(1_000);
  expect(model.client.state.name).toBe('connected');
  return model;
};

describe('A client that was closed', () => {
  test('tries again at once when it is woken', async () => {
    const { time, server, client } = await aConnectedClient();
    server.closeAll(1006);
    expect(client.state.name).toBe('waiting');
    time.wake();
    expect(client.state.name).toBe('connecting');
    await time.advance(200);
    expect(client.state.name).toBe('connected');
  });

  test('1008 before its token ends stays away for a minute, whoever wakes it, whatever the clock says', async () => {
    for (const clockMs of [0, 7_200_000, -7_200_000]) {
      const { time, server, client } = await aConnectedClient();
      time.setClock(clockMs);
      server.closeAll(1008);
      await time.advance(59_000);
      time.wake();
      await time.advance(500);
      expect([client.state.name, server.opened]).toEqual(['waiting', 1]);
      await time.advance(500);
      time.wake();
      await time.advance(200);
      expect([client.state.name, server.opened]).toEqual(['connected', 2]);
    }
  });
});
