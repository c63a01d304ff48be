import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';

let stack: LocalStack;
let browser: Browser | undefined;
let page: Page;
beforeAll(async () => {
  stack = await aLocalStack();
  if (noBrowser === undefined) browser = await launchBrowser();
});
afterEach(() => page?.context().close());
afterAll(async () => {
  await browser?.close();
  await stack.close();
});

const problems: string[] = [];

/** Both screens live, in a browser of its own. */
const openPage = async (): Promise<Page> => {
  if (browser === undefined) throw new Error('no browser was launched');
  problems.length = 0;
  page = await (await browser.newContext()).newPage();
  page.on('console', message => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', error => problems.push(error.message));
  await page.goto(stack.url);
  await page.getByText('live', { exact: false }).first().waitFor();
  return page;
};

const screenOf = (name: string) => page.getByRole('region', { name: new RegExp(`^${name}`, 'i') });

describe('The first page', () => {
  const inBrowser = (sentence: string, body: () => Promise<void>): void =>
    test(sentence, async context => {
      if (noBrowser !== undefined) context.skip(noBrowser);
      await body();
    });

  inBrowser("shows on alice's screen what is posted over HTTP, and nothing on bob's", async () => {
    await openPage();
    const response = await stack.post('/v1/notifications', {
      to: ['user:alice'],
      title: 'Your order shipped',
    });
    expect(response.status).toBe(202);
    await screenOf('alice').getByText('Your order shipped').waitFor();
    expect(await screenOf('bob').getByText('Your order shipped').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  inBrowser('sends from its form to every screen', async () => {
    await openPage();
    await page.getByLabel('To', { exact: true }).fill('broadcast');
    await page.getByLabel('Title').fill('We are live');
    await page.getByRole('button', { name: 'Send', exact: true }).first().click();
    await screenOf('alice').getByText('We are live').waitFor();
    await screenOf('bob').getByText('We are live').waitFor();
    expect(problems).toEqual([]);
  });

  inBrowser('shows markup in a notification as text', async () => {
    await openPage();
    await stack.post('/v1/notifications', { to: ['user:alice'], title: '<img src=x onerror=alert(1)>' });
    await screenOf('alice').getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(problems).toEqual([]);
  });

  inBrowser('catches up on what a cut screen missed, once and in order', async () => {
    await openPage();
    await screenOf('alice').getByRole('button', { name: /cut/i }).click();
    for (const title of ['missed one', 'missed two']) {
      await stack.post('/v1/notifications', { to: ['user:alice'], title });
    }
    await screenOf('alice')
      .getByRole('button', { name: /reconnect/i })
      .click();
    await screenOf('alice').getByText('missed two').waitFor();
    const titles = await screenOf('alice')
      .getByText(/^missed /)
      .allTextContents();
    expect(titles).toEqual(['missed two', 'missed one']); // the newest on top
  });
});
