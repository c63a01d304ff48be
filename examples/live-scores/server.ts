import type { Api, FanfareServer } from '../run.ts';
import { Crowd } from './crowd.ts';

const CHANNEL = 'topic:match-1';
const WATCHERS = Number(process.env.WATCHERS ?? 1_000);

/** A match, and a thousand who watch it. Everybody may read the score; nobody but the server may send it. */
export const channels = [{ pattern: 'topic:match-*', publish: 'admin' }];

export const api = (fanfare: FanfareServer): Api => {
  const score = { home: 0, away: 0 };
  const crowd = new Crowd(WATCHERS, CHANNEL, fanfare);

  return {
    'POST /api/watch': async () => ({
      url: fanfare.socketUrl,
      channel: CHANNEL,
      token: await fanfare.token('somebody', { [CHANNEL]: ['subscribe', 'history'] }),
    }),

    'POST /api/goal': async ({ by = 'home' }) => {
      score[by === 'away' ? 'away' : 'home'] += 1;
      crowd.expect(score.home + score.away);
      const response = await fetch(`${fanfare.url}/v1/notifications`, {
        method: 'POST',
        headers: { authorization: `Bearer ${fanfare.adminToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ to: [CHANNEL], title: 'Goal!', data: score }),
      });
      if (!response.ok) throw new Error(`Fanfare answered ${response.status}`);
      return score;
    },

    'GET /api/crowd': async () => crowd.report,
  };
};
