import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { inConsole } from '../support/console-page.ts';

const console = inConsole();

/** Both screens live. */
const openScreens = async () => {
  const { page, problems } = await console.open();
  for (const name of ['alice', 'bob'])
    await screenOf(page, name).getByText('live', { exact: true }).waitFor();
  return { page, problems, post: console.stack.post };
};

const screenOf = (page: Page, name: string) =>
  page.getByRole('region', { name: new RegExp(`^${name}`, 'i') });

describe("The console's screens", () => {
  console.test("show on alice's what is posted over HTTP, and nothing on bob's", async () => {
    const { page, problems, post } = await openScreens();
    const response = await post('/v1/notifications', { to: ['user:alice'], title: 'Your order shipped' });
    expect(response.status).toBe(202);
    await screenOf(page, 'alice').getByText('Your order shipped').waitFor();
    expect(await screenOf(page, 'bob').getByText('Your order shipped').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  console.test('get what the form sends, and the form tells how soon', async () => {
    const { page, problems } = await openScreens();
    await page.getByLabel('To', { exact: true }).fill('broadcast');
    await page.getByLabel('Title').fill('We are live');
    await page.getByRole('button', { name: 'Send', exact: true }).first().click();
    await screenOf(page, 'alice').getByText('We are live').waitFor();
    await screenOf(page, 'bob').getByText('We are live').waitFor();
    const answer = page.getByRole('status', { name: 'Answer' });
    for (const name of ['alice', 'bob']) await answer.getByText(new RegExp(`${name} [\\d.]+ m?s`)).waitFor();
    expect(problems).toEqual([]);
  });

  console.test('show markup in a notification as text', async () => {
    const { page, problems, post } = await openScreens();
    await post('/v1/notifications', { to: ['user:alice'], title: '<img src=x onerror=alert(1)>' });
    await screenOf(page, 'alice').getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(problems).toEqual([]);
  });

  console.test('say what is wrong beside the field, and go there', async () => {
    const { page } = await openScreens();
    await page.getByLabel('To', { exact: true }).fill('alice');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('expected user:<id>').first().waitFor();
    expect(await page.getByLabel('To', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await page.waitForFunction(() => document.querySelector('fanfare-console')?.matches(':focus-within'));
  });

  console.test('catch up on what was missed while the network was cut, once and in order', async () => {
    const { page, problems, post } = await openScreens();
    const alice = screenOf(page, 'alice');
    await alice.getByRole('button', { name: /cut network/i }).click();
    await alice.getByText('offline').waitFor();
    for (const title of ['missed one', 'missed two']) {
      await post('/v1/notifications', { to: ['user:alice'], title });
    }
    expect(await alice.getByText(/^missed /).count()).toBe(0);
    await alice.getByRole('button', { name: /reconnect/i }).click();
    await alice.getByText('missed two').waitFor();
    expect(await alice.getByText(/^missed /).allTextContents()).toEqual(['missed two', 'missed one']);
    expect(await alice.getByText('caught up').count()).toBe(2);
    await alice.getByText('live', { exact: true }).waitFor();
    expect(problems).toEqual([]);
  });
});
