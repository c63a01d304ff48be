import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DevServer } from '../support/cli.ts';
import { Cli, complaintOf } from '../support/cli.ts';
import { until } from '../support/until.ts';

let cli: Cli;
let dev: DevServer;
beforeAll(async () => {
  cli = new Cli();
  dev = await cli.dev();
});
afterAll(() => cli.end());

const notify = async (...channels: readonly string[]): Promise<string> => {
  const sent = await cli.run(['notify', ...channels, '--title', 'Shipped']);
  const { id } = JSON.parse(sent.stdout) as { id: string };
  await until(async () => {
    const authorization = `Bearer ${(await cli.run(['token', '--admin'])).stdout.trim()}`;
    const answer = await fetch(`${dev.apiUrl}/notifications/${id}`, { headers: { authorization } });
    const { entries } = (await answer.json()) as { entries: { kind: string }[] };
    return entries.filter(({ kind }) => kind === 'posted').length === channels.length;
  });
  return id;
};

describe('fanfare explain', () => {
  test('prints a timeline of sentences', async () => {
    const id = await notify('user:alice');
    const { code, stdout, stderr } = await cli.run(['explain', id, '--time-zone', 'Europe/Zurich']);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {5}\+0\.0 s {2}admin sent “Shipped” to user:alice$/);
    expect(lines[1]).toMatch(/ {2}no phone is told: no phone or browser is registered$/);
    expect(lines[2]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {5}\+\d\.\d s {2}no screen of alice was connected$/);
  });

  test('prints what concerns one user, as a line of JSON for each entry', async () => {
    const id = await notify('user:alice', 'user:bob');
    const { stdout } = await cli.run(['explain', id, '--user', 'bob', '--json']);
    const entries = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(entries).toMatchObject([
      { kind: 'received', user: 'bob', channel: 'user:bob', title: 'Shipped' },
      { kind: 'push-decided', user: 'bob', rule: 'no-device' },
      { kind: 'posted', user: 'bob', delivered: 0 },
    ]);
  });

  test('says in one line what it does not know', async () => {
    const unknown = await cli.run(['explain', 'ntf_unknown']);
    expect(unknown.code).toBe(1);
    expect(complaintOf(unknown)).toBe('fanfare: there is no notification ntf_unknown');
    const nowhere = await cli.run(['explain', 'ntf_unknown', '--time-zone', 'Europe/Nowhere']);
    expect(nowhere.code).toBe(2);
    expect(complaintOf(nowhere)).toBe(
      'fanfare: --time-zone: expected a name such as Europe/Berlin, found "Europe/Nowhere"',
    );
  });
});
