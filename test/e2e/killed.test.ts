import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DevServer } from '../support/cli.ts';
import { announced, Cli } from '../support/cli.ts';
import { aFirebaseToken } from '../support/http-phones.ts';
import { until } from '../support/until.ts';
import type { LoggedNotification } from '../support/whole-log.ts';
import { wholeLog } from '../support/whole-log.ts';

let cli: Cli;
beforeEach(() => {
  cli = new Cli({ longestLifeMs: ALL_WITHIN_MS });
});
afterEach(() => cli.end());

const KILLS = 20;
const USERS = 5;
/** Requests under way at a time. */
const AT_ONCE = 16;
/** Of the one log that nobody may lose anything of: all of it is kept. */
const ENV = {
  FANFARE_RETENTION_MESSAGES: '1000000',
  FANFARE_REQUESTS_PER_SECOND: '100000',
  FANFARE_REQUESTS_BURST: '100000',
  FANFARE_ADMIN_REQUESTS_PER_SECOND: '100000',
  FANFARE_ADMIN_REQUESTS_BURST: '100000',
  // Phones are told at once, so that there is always something on its way to them.
  FANFARE_CATEGORIES: '{"default":{"pushAfterSeconds":0}}',
};
/** Planned while the first server is up, for times at which others are. */
const SCHEDULES = 40;
const SCHEDULED_EVERY_MS = 500;

type Accepted = Omit<LoggedNotification, 'notification'>;

/** The first start makes a database. */
const STARTED_WITHIN_MS = 60_000;
const ALL_WITHIN_MS = 400_000;
const PUSHED_WITHIN_MS = 60_000;

test(
  `killed ${KILLS} times under load, it keeps every accepted notification and its trail once, without a gap, tells every phone, and runs every schedule once`,
  async () => {
    const data = `${cli.home}/data`;
    const start = (): Promise<DevServer> =>
      announced(cli.start(['dev', '--port', '0', '--data', data], ENV), STARTED_WITHIN_MS);
    const [accepted, unanswered] = [new Map<string, Accepted>(), new Set<string>()];
    let sent = 0;

    /** One after the other until the server is gone; what was not answered is asked again by the next one. */
    const produce = async (dev: DevServer): Promise<void> => {
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
      if (kills === 0) await prepare(dev);
      const posting = Array.from({ length: AT_ONCE }, () => produce(dev));
      const enough = accepted.size + 20 + Math.random() * 60;
      await until(() => accepted.size > enough, STARTED_WITHIN_MS);
      dev.process.signal('SIGKILL');
      await Promise.all(posting);
      await dev.process.ended;
    }

    const dev = await start();
    for (const key of unanswered) accepted.set(key, await receiptOf(await notify(dev, key)));
    const told = new Map<string, number>();
    for (let user = 0; user < USERS; user++) await allPushed(dev, `u${user}`);
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
    for (let schedule = 0; schedule < SCHEDULES; schedule++)
      expect(kept.delete(`schedule ${schedule}`), `schedule ${schedule}`).toBe(true);
    expect(accepted.size).toBe(sent);
    for (const [key, { channel, offset, messageId }] of accepted)
      expect(kept.get(key)).toEqual({ channel, offset, id: messageId });
    for (const { messageId } of accepted.values()) expect(told.get(messageId.split('.')[0] ?? '')).toBe(1);
    expect(kept.size).toBe(accepted.size);
    console.info(`${accepted.size} notifications, ${KILLS} kills`);
  },
  ALL_WITHIN_MS,
);

/** A phone for each user, and what is planned. */
const prepare = async (dev: DevServer): Promise<void> => {
  for (let user = 0; user < USERS; user++) {
    const device = { platform: 'fcm', token: aFirebaseToken(`u${user}`) };
    expect((await post(dev, `/users/u${user}/devices`, device)).status).toBe(201);
  }
  const begin = Date.now() + SCHEDULED_EVERY_MS;
  for (let schedule = 0; schedule < SCHEDULES; schedule++) {
    const notification = { to: [`user:u${schedule % USERS}`], title: `schedule ${schedule}` };
    const deliverAt = new Date(begin + schedule * SCHEDULED_EVERY_MS).toISOString();
    expect((await post(dev, '/schedules', { notification, deliverAt })).status).toBe(201);
  }
};

/** Until the trail of each of a user's notifications tells of a phone that was told. */
const allPushed = async (dev: DevServer, user: string): Promise<void> => {
  const left = new Set(await trailOf(dev, user));
  await until(async () => {
    for (const id of left) if (await isPushed(dev, user, id)) left.delete(id);
    return left.size === 0;
  }, PUSHED_WITHIN_MS);
};

const isPushed = async (dev: DevServer, user: string, id: string): Promise<boolean> => {
  const path = `/notifications/${id}?user=${user}&limit=100`;
  const { entries } = await get<{ entries: { kind: string; outcome?: string }[] }>(dev, path);
  return entries.some(({ kind, outcome }) => kind === 'device' && outcome === 'delivered');
};

const get = async <Answer>({ apiUrl, token }: DevServer, path: string): Promise<Answer> =>
  (await fetch(apiUrl + path, { headers: { authorization: `Bearer ${token}` } })).json() as Answer;

const post = ({ apiUrl, token }: DevServer, path: string, body: object): Promise<Response> =>
  fetch(apiUrl + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

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
