import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DevServer } from '../support/cli.ts';
import { announced, Cli } from '../support/cli.ts';
import { until } from '../support/until.ts';
import type { LoggedNotification } from '../support/whole-log.ts';
import { wholeLog } from '../support/whole-log.ts';

let cli: Cli;
beforeEach(() => {
  cli = new Cli();
});
afterEach(() => cli.end());

const KILLS = 20;
const USERS = 5;
/** Requests under way at a time. */
const AT_ONCE = 16;
/** Of the one log that nobody may lose anything of: all of it is kept. */
const ENV = { FANFARE_RETENTION_MESSAGES: '1000000' };

type Accepted = Omit<LoggedNotification, 'notification'>;

/** The first start makes a database. */
const STARTED_WITHIN_MS = 15_000;
const ALL_WITHIN_MS = 180_000;

test(
  `killed ${KILLS} times under load, it keeps every accepted notification and its trail once, without a gap`,
  async () => {
    const data = `${cli.home}/data`;
    const start = (): Promise<DevServer> =>
      announced(cli.start(['dev', '--port', '0', '--data', data], ENV), STARTED_WITHIN_MS);
    const [accepted, unanswered] = [new Map<string, Accepted>(), new Set<string>()];
    let sent = 0;

    /** One after the other until the server is gone; what was not answered is asked again by the next one. */
    const post = async (dev: DevServer): Promise<void> => {
      for (;;) {
        const [left] = unanswered;
        const key = left ?? `k${++sent}`;
        unanswered.delete(key);
        const receipt = await notify(dev, key).then(receiptOf).catch(nothingWhenGone);
        if (receipt === undefined) {
          unanswered.add(key);
          return;
        }
        accepted.set(key, receipt);
      }
    };

    for (let kills = 0; kills < KILLS; kills++) {
      const dev = await start();
      const posting = Array.from({ length: AT_ONCE }, () => post(dev));
      const enough = accepted.size + 20 + Math.random() * 60;
      await until(() => accepted.size > enough, STARTED_WITHIN_MS);
      dev.process.signal('SIGKILL');
      await Promise.all(posting);
      await dev.process.ended;
    }

    const dev = await start();
    for (const key of unanswered) accepted.set(key, await receiptOf(await notify(dev, key)));
    const told = new Map<string, number>();
    const kept = new Map<
      string,
      { readonly channel: string; readonly offset: number; readonly id: string }
    >();
    for (let user = 0; user < USERS; user++) {
      const messages = await logOf(dev, `user:u${user}`);
      for (const id of await trailOf(dev, `u${user}`)) told.set(id, (told.get(id) ?? 0) + 1);
      expect(messages.map(({ offset }) => offset)).toEqual(messages.map((_, index) => index + 1));
      expect(new Set(messages.map(({ epoch }) => epoch)).size).toBe(1);
      for (const { channel, offset, messageId, notification } of messages) {
        expect(kept.has(notification.title)).toBe(false);
        kept.set(notification.title, { channel, offset, id: messageId });
      }
    }
    expect(accepted.size).toBe(sent);
    for (const [key, { channel, offset, messageId }] of accepted)
      expect(kept.get(key)).toEqual({ channel, offset, id: messageId });
    for (const { messageId } of accepted.values()) expect(told.get(messageId.split('.')[0] ?? '')).toBe(1);
    expect(kept.size).toBe(accepted.size);
    console.info(`${accepted.size} notifications, ${KILLS} kills`);
  },
  ALL_WITHIN_MS,
);

const notify = ({ apiUrl, token }: DevServer, key: string): Promise<Response> =>
  fetch(`${apiUrl}/notifications`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify({ to: [`user:u${Number(key.slice(1)) % USERS}`], title: key }),
  });

/** Where the server was gone before it had answered. */
const nothingWhenGone = (error: unknown): undefined => {
  if (!(error instanceof TypeError)) throw error;
};

const receiptOf = async (response: Response): Promise<Accepted> => {
  const body = (await response.json()) as { channels: [Accepted] };
  if (response.status !== 202) throw new Error(JSON.stringify(body));
  return body.channels[0];
};

/** The ids of all notifications that the trail has of a user. */
const trailOf = async ({ apiUrl, token }: DevServer, user: string): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const path = `${apiUrl}/users/${user}/notifications?limit=100${cursor && `&cursor=${cursor}`}`;
    const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
    const page = (await answer.json()) as { notifications: { id: string }[]; next?: string };
    ids.push(...page.notifications.map(({ id }) => id));
    cursor = page.next;
  }
  return ids;
};

const logOf = ({ url, token }: DevServer, channel: string) =>
  wholeLog(path => fetch(url + path, { headers: { authorization: `Bearer ${token}` } }), channel);
