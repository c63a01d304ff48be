import { expect } from 'vitest';
import { enter } from './presence.ts';
import type { Chapter } from './set.ts';

export const overHttp: Chapter = {
  title: 'Over HTTP',
  declare: shows => {
    shows('who may know is told who is in a channel', async stack => {
      const channel = 'room:here-4';
      for (const user of ['gil', 'gil', 'hua']) await enter(stack, user, channel);
      const path = `/v1/channels/${channel}/presence`;
      const token = await stack.token('ida', { allow: { 'room:*': ['presence'] } });
      const answer = await stack.get(path, token);
      expect(answer.status).toBe(200);
      const { users, ...rest } = (await answer.json()) as { users: { user: string }[] };
      expect(rest).toMatchObject({ count: 2, position: { epoch: expect.any(String) } });
      expect([...users].sort((one, other) => one.user.localeCompare(other.user))).toEqual([
        { user: 'gil', devices: 2 },
        { user: 'hua', devices: 1 },
      ]);
      const refused = await stack.get(path, await stack.token('joe', { allow: { 'room:*': ['subscribe'] } }));
      expect([refused.status, await refused.json()]).toMatchObject([403, { errors: [{ field: 'channel' }] }]);
      for (const [unkept, field] of [
        ['topic:none', 'channel'],
        ['nonsense', 'channel'],
      ] as const) {
        const wrong = await stack.get(`/v1/channels/${unkept}/presence`);
        expect([wrong.status, await wrong.json()]).toMatchObject([400, { errors: [{ field }] }]);
      }
    });

    shows('an inbox is read by its user, and by an admin', async stack => {
      for (const title of ['one', 'two']) await stack.post('/v1/notifications', { to: ['user:kay'], title });
      const own = await stack.token('kay');
      const read = async (query = '', token = own) => stack.get(`/v1/users/kay/inbox${query}`, token);
      const first = await read('?limit=1');
      expect([first.status, await first.json()]).toMatchObject([
        200,
        { entries: [{ offset: 2, notification: { title: 'two' }, read: false }], unread: 2, complete: false },
      ]);
      expect(await (await read('?before=2')).json()).toMatchObject({
        entries: [{ offset: 1 }],
        complete: true,
      });
      expect(await (await read('?filter=archived')).json()).toMatchObject({ entries: [], unread: 2 });
      expect((await stack.get('/v1/users/kay/inbox')).status).toBe(200);
      const foreign = await read(
        '',
        await stack.token('leo', { allow: { 'user:*': ['subscribe', 'history'] } }),
      );
      expect([foreign.status, await foreign.json()]).toMatchObject([403, { code: 'forbidden' }]);
      for (const [query, field] of [
        ['?limit=101', 'limit'],
        ['?filter=new', 'filter'],
      ] as const) {
        const wrong = await read(query);
        expect([wrong.status, await wrong.json()]).toMatchObject([400, { errors: [{ field }] }]);
      }
      const nobody = await stack.get('/v1/users/no%20body/inbox');
      expect([nobody.status, await nobody.json()]).toMatchObject([400, { errors: [{ field: 'id' }] }]);
    });
  },
};
