import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/composition/config.ts';
import { Cli } from '../support/cli.ts';

const cli = new Cli();
afterAll(() => cli.end());

test('fanfare vapid prints another pair each time, as the server takes it', async () => {
  const outcomes = await Promise.all([cli.run(['vapid']), cli.run(['vapid'])]);
  const pairs = outcomes.map(({ code, stdout, stderr }) => {
    expect([code, stderr]).toEqual([0, '']);
    const env = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map(line => line.split('=', 2)),
    );
    return loadConfig({ ...env, FANFARE_VAPID_SUBJECT: 'mailto:push@example.com' }).webPush?.vapid.publicKey;
  });
  expect(new Set(pairs).size).toBe(2);
});
