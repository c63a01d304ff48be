import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

const CHANNEL = 'room:lobby';
const rights = { allow: { 'room:*': ['subscribe', 'publish', 'presence'] } } as const;

test('after a restart of a server whose logs last, nobody is here who has not come back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-data-'));
  const env = { FANFARE_DATA: folder, FANFARE_CHANNELS: '[{"pattern":"room:*","presence":true}]' };
  try {
    const before = await aLocalStack(env);
    const alice = await before.connect('alice', rights);
    const presence = { action: 'subscribe', channel: `presence:${CHANNEL}` };
    const { position: start } = await alice.request(presence);
    const joined = await alice.request({ action: 'subscribe', channel: CHANNEL });
    await until(() => alice.pushed(`presence:${CHANNEL}`).length === 1);
    await alice.request({ action: 'sendMessage', channel: CHANNEL, data: 'still here later' });
    await before.close();

    const after = await aLocalStack(env);
    try {
      const bob = await after.connect('bob', rights);
      expect(await bob.request({ action: 'presence', channel: CHANNEL })).toMatchObject({
        count: 0,
        users: [],
      });
      const resumed = await bob.request({ ...presence, since: { ...(start as object), offset: 1 } });
      expect(resumed).toMatchObject({ recovered: false, messages: [] });
      const room = { action: 'subscribe', channel: CHANNEL, since: joined.position };
      expect(await bob.request(room)).toMatchObject({
        recovered: true,
        messages: [{ data: 'still here later' }],
      });
    } finally {
      await after.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
