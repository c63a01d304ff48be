import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { inConsole } from '../support/console-page.ts';

const console = inConsole();

const LOOKS = [
  ['in light', { colorScheme: 'light' }],
  ['in dark', { colorScheme: 'dark' }],
  ['on a phone', { viewport: { width: 360, height: 740 } }],
] as const;

const VIEWS = ['screens', 'live', 'messages', 'inbox', 'deliveries'] as const;

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
          await page.getByText('Hi', { exact: true }).first().waitFor({ state: 'attached' });
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
