import { describe, expect } from 'vitest';
import { inConsole } from '../support/console-page.ts';

const console = inConsole({
  FANFARE_CATEGORIES: JSON.stringify({ quick: { pushAfterSeconds: 0.5 } }),
});

const tell = (user: string, title: string): Promise<Response> =>
  console.stack.post('/v1/notifications', { to: [`user:${user}`], title, category: 'quick' });

describe("The console's page of a person", () => {
  console.test('shows a phone buzz that nobody looks at, and what was opened is read', async () => {
    const { page, problems } = await console.open('/#people/ann');
    const phones = page.getByRole('region', { name: 'Phones' });
    for (const count of [1, 2]) {
      await phones.getByRole('button', { name: 'Add a virtual phone' }).click();
      await phones.getByText(`Virtual phone ${count}`, { exact: true }).waitFor();
    }
    await tell('ann', 'Shipped');
    await phones.getByRole('button', { name: 'Shipped' }).first().waitFor();
    await phones.getByLabel('1 unread').nth(1).waitFor();

    await phones.getByRole('button', { name: 'Shipped' }).first().click();
    await phones.getByLabel('1 unread').first().waitFor({ state: 'detached' });
    expect(await phones.getByRole('button', { name: 'Shipped' }).count()).toBe(0);
    const sent = page.getByRole('region', { name: 'Sent last' });
    await sent.getByText('Shipped', { exact: true }).waitFor();
    expect(problems).toEqual([]);
  });

  console.test('shows which screens are open, and for how long', async () => {
    const { page, problems } = await console.open('/#people/eve');
    const screens = page.getByRole('region', { name: 'Screens' });
    await screens.getByText('None is open.').waitFor();
    const socket = await console.stack.connect('eve');
    await screens.getByText(/^for \d+ s$/).waitFor();
    await screens.getByText(/^follows \d+ channels?$/).waitFor();
    socket.close();
    await screens.getByText('None is open.').waitFor();
    expect(problems).toEqual([]);
  });

  console.test(
    'shows what becomes of a phone that cannot be reached, and of one without the app',
    async () => {
      const { page } = await console.open('/#people/ben');
      const phones = page.getByRole('region', { name: 'Phones' });
      await phones.getByRole('button', { name: 'Add a virtual phone' }).click();
      const state = phones.getByLabel('State of Virtual phone 1');
      await state.selectOption('unreachable');
      await tell('ben', 'Later');
      const sent = page.getByRole('region', { name: 'Sent last' });
      await sent.getByText('Later', { exact: true }).waitFor();
      await state.selectOption('on');
      await phones.getByRole('button', { name: 'Later' }).waitFor();
      await state.selectOption('uninstalled');
      await tell('ben', 'Never');
      await phones.getByText('ben has no device', { exact: false }).waitFor();
    },
  );

  console.test('changes preferences, and says so when somebody else did meanwhile', async () => {
    const { page, problems } = await console.open('/#people/carl');
    const preferences = page.getByRole('region', { name: 'Preferences' });
    await preferences.getByLabel('Quiet hours').check();
    await preferences.getByPlaceholder('another category').fill('news');
    await preferences.getByRole('button', { name: 'Add', exact: true }).click();
    await preferences.getByLabel('digest of news', { exact: true }).selectOption('each day');
    await preferences.getByLabel('push of quick', { exact: true }).waitFor({ state: 'detached' });
    await preferences.getByRole('button', { name: 'Save' }).click();
    await preferences.getByText('Saved.').waitFor();
    const saved = await console.stack.get('/v1/users/carl/preferences');
    expect(await saved.json()).toEqual({
      quietHours: { start: '22:00', end: '07:00', urgentPasses: true },
      categories: { news: { digest: { every: 'day', at: '09:00' } } },
    });
    expect(problems).toEqual([]);

    const authorization = `Bearer ${await console.stack.token('carl')}`;
    await fetch(`${console.stack.url}/v1/users/carl/preferences`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"categories":{"news":{"push":false}}}',
    });
    await preferences.getByRole('button', { name: 'Save' }).click();
    await preferences.getByText('They were changed meanwhile', { exact: false }).waitFor();
    expect(await preferences.getByLabel('push of news', { exact: true }).inputValue()).toBe('no');
  });

  for (const colorScheme of ['light', 'dark'] as const)
    console.test(`fits the narrowest phones, ${colorScheme}`, async () => {
      const viewport = { width: 360, height: 740 };
      const { page } = await console.open('/#people/dora', { colorScheme, viewport });
      await page.getByRole('region', { name: 'Preferences' }).getByRole('button', { name: 'Save' }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    });
});
