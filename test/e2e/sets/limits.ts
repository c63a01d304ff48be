import { expect } from 'vitest';
import { until } from '../../support/until.ts';
import type { Chapter } from './set.ts';

const PATIENCE_MS = 40_000;

export const limits: Chapter = {
  title: 'Who asks for too much',
  declare: shows => {
    shows('by frames is refused what is beyond the burst, and told how long to wait', async stack => {
      const rob = await stack.connect('rob');
      for (let n = 0; n < 60; n += 1) rob.sendRaw('{"action":"ping"}');
      await until(() => rob.frames.length === 60, PATIENCE_MS);
      const refused = rob.frames.filter(({ type }) => type === 'error');
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.length).toBeLessThanOrEqual(30);
      expect(refused[0]).toEqual({
        type: 'error',
        code: 'rate-limited',
        message: 'more than 2 frames a second',
        retryable: true,
        retryAfter: expect.any(Number),
      });
      const other = await stack.connect('rob');
      expect(await other.request({ action: 'ping' })).toMatchObject({ type: 'pong' });
    });

    shows('by frames, and goes on regardless, is closed', async (stack, { codeForAbuse }) => {
      const sid = await stack.connect('sid');
      for (let n = 0; n < 400; n += 1) sid.sendRaw('{"action":"ping"}');
      expect(await sid.closed).toMatchObject({ code: codeForAbuse });
    });

    shows('over HTTP is answered 429, with the headers that say how long to wait', async stack => {
      const token = await stack.token('tia');
      const ask = () => stack.get('/v1/channels/user:tia/messages', token);
      const answers = await Promise.all(Array.from({ length: 30 }, ask));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.length).toBeLessThanOrEqual(22);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
      const [first] = refused;
      expect(first?.headers.get('ratelimit-policy')).toBe('"requests";q=8;w=8');
      expect(first?.headers.get('ratelimit')).toMatch(/^"requests";r=0;t=\d+$/);
      expect(Number(first?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await first?.json()).toMatchObject({ code: 'rate-limited' });
      const other = await stack.get('/v1/channels/user:uma/messages', await stack.token('uma'));
      expect(other.status).toBe(200);
    });
  },
};
