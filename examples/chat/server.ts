import type { Api, FanfareServer } from '../run.ts';

/** Who is in a room is kept for rooms alone. */
export const channels = [{ pattern: 'room:*', presence: true }];

/** Your server knows who somebody is, here by what they say, and makes a token that says what they may. */
export const api = (fanfare: FanfareServer): Api => ({
  'POST /api/login': async ({ name = '' }) => {
    if (!/^[a-z0-9-]{1,20}$/.test(name)) throw new Error('a name is 1 to 20 of a-z 0-9 -');
    const token = await fanfare.token(name, { 'room:*': ['subscribe', 'publish', 'history', 'presence'] });
    return { url: fanfare.socketUrl, token };
  },
});
