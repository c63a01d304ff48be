import { join } from 'node:path';
import { describe } from 'vitest';
import { inConsole } from '../support/console-page.ts';

const BUILT = join(import.meta.dirname, '../../dist/console');
/** Nobody listens there: the browser is given the files in its place. */
const SITE = 'http://localhost:3999';

const console = inConsole({ FANFARE_CORS_ORIGINS: SITE });

describe('A console on a site of its own', () => {
  console.test('finds its deployment by config.json, asks for tokens, and shows what it may', async () => {
    const { stack } = console;
    // A page of the internet may not talk to this machine unless the person at it agrees.
    const { page } = await console.open('/health', { permissions: ['local-network-access'] });
    const socketUrl = `${stack.url.replace('http', 'ws')}/ws`;
    await page.route(`${SITE}/**`, route => {
      const { pathname } = new URL(route.request().url());
      return pathname === '/config.json'
        ? route.fulfill({ json: { url: stack.url, socketUrl } })
        : route.fulfill({ path: join(BUILT, pathname === '/' ? 'index.html' : pathname) });
    });
    await page.goto(SITE);
    await page.getByLabel('Admin').fill(await stack.token('ann', { admin: true }));
    await page.getByLabel('First screen').fill(await stack.token('alice'));
    await page.getByLabel('Second screen').fill(await stack.token('bob'));
    await page.getByRole('button', { name: 'Use these' }).click();
    const alice = page.getByRole('region', { name: /^alice/ });
    await alice.getByText('live', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await alice.getByText('Your order shipped').waitFor();
    await page.getByRole('link', { name: 'Live', exact: true }).click();
    await page.getByRole('row', { name: /alice/ }).first().waitFor();
  });
});
