import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { trailView } from '../../src/protocol/trail.ts';
import { inConsole } from '../support/console-page.ts';

const console = inConsole();

const LOOKS = [
  ['in light', { colorScheme: 'light' }],
  ['in dark', { colorScheme: 'dark' }],
  ['on a phone', { viewport: { width: 360, height: 740 } }],
] as const;

const VIEWS = ['screens', 'live', 'messages', 'inbox', 'people', 'schedules', 'deliveries'] as const;

const onPhone = { user: 'alice', kind: 'device', deviceId: 'd', platform: 'fcm', attempt: 0 };

/** A trail that no test can wait for. */
const A_LONG_STORY = trailView.parse({
  id: 'ntf_1',
  entries: [
    {
      at: '2026-11-21T18:02:11.204Z',
      user: 'alice',
      kind: 'received',
      from: 'shop',
      channel: 'user:alice',
      priority: 'high',
      title: `Shipped ${'x'.repeat(200)}`,
    },
    {
      at: '2026-11-21T18:02:16.204Z',
      user: 'alice',
      kind: 'push-decided',
      decision: 'hold',
      rule: 'quiet-hours',
      until: '2026-11-22T06:00:00.000Z',
    },
    { at: '2026-11-22T06:00:00.100Z', ...onPhone, outcome: 'retried', cause: 'HTTP 503' },
    { at: '2026-11-22T06:00:02.100Z', ...onPhone, attempt: 1, outcome: 'dead', cause: 'unregistered' },
    { at: '2026-11-22T06:01:02.100Z', user: 'alice', kind: 'read' },
  ],
});

/** Rules of WCAG 2.2, levels A and AA, that are broken, each with the first element that breaks it. */
const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const results = await page.evaluate(
    values => (globalThis as unknown as { axe: typeof axe }).axe.run({ runOnly: { type: 'tag', values } }),
    tags,
  );
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
};

describe('The console', () => {
  for (const [look, options] of LOOKS) {
    console.test(
      `breaks no rule of WCAG AA ${look} at a trail, and is no wider than the window`,
      async () => {
        const { page, problems } = await console.open('/#trail/ntf_1/alice', options);
        await page.route('**/v1/notifications/*', route => route.fulfill({ json: A_LONG_STORY }));
        await page.getByText('alice read it').waitFor();
        expect(await violations(page)).toEqual([]);
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        ).toBeLessThanOrEqual(0);
        expect(problems.filter(problem => !problem.includes('404'))).toEqual([]);
      },
    );
  }

  for (const view of VIEWS) {
    for (const [look, options] of LOOKS) {
      console.test(
        `breaks no rule of WCAG AA ${look} at #${view}, and is no wider than the window`,
        async () => {
          const long = 'somebody.of.quite.a.long.name@example.com';
          const socket = await console.stack.connect(long, { admin: true });
          const { page, problems } = await console.open(`/#${view}`, options);
          await page.getByText('live', { exact: true }).first().waitFor({ state: 'attached' });
          await console.stack.post('/v1/notifications', {
            to: ['broadcast'],
            title: 'Hi',
            priority: 'high',
            data: 1,
          });
          const planned = { to: [`user:${long}`, 'user:alice'], title: `Hi ${'x'.repeat(60)}` };
          await console.stack.post('/v1/schedules', { notification: planned, cron: '0 9 * * MON' });
          await page.getByText('Hi', { exact: true }).first().waitFor({ state: 'attached' });
          if (view === 'schedules')
            await page
              .getByRole('button', { name: /^Next 5/ })
              .first()
              .click();
          const tab = await page.locator('.tabs [aria-current]').boundingBox();
          expect(tab?.x).toBeGreaterThanOrEqual(0);
          expect(Math.floor((tab?.x ?? 0) + (tab?.width ?? 0))).toBeLessThanOrEqual(
            await page.evaluate(() => innerWidth),
          );
          if (view === 'live') await page.getByRole('row', { name: long }).first().waitFor();
          expect(await violations(page)).toEqual([]);
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
          ).toBeLessThanOrEqual(0);
          expect(problems).toEqual([]);
          socket.close();
        },
      );
    }
  }

  console.test('can be used by the keyboard alone', async () => {
    const { page } = await console.open();
    await page.getByText('live', { exact: true }).first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter'); // skips the header
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('user:bob');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('region', { name: /^bob/ }).getByText('Your order shipped').waitFor();
  });
});
