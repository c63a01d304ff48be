import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchBrowser, noBrowser } from './browser.ts';
import type { LocalStack } from './local-stack.ts';
import { aLocalStack } from './local-stack.ts';
import { testUnless } from './test-unless.ts';

export interface OpenedConsole {
  readonly page: Page;
  /** What the browser complained about; a policy's violations are among it. */
  readonly problems: readonly string[];
}

/** The console of a server for the tests of a file, in a browser context of its own for each. */
export const inConsole = (env: Readonly<Record<string, string>> = {}) => {
  let stack: LocalStack;
  let browser: Browser | undefined;
  let opened: Page | undefined;
  beforeAll(async () => {
    stack = await aLocalStack(env);
    if (noBrowser === undefined) browser = await launchBrowser();
  });
  afterEach(() => opened?.context().close());
  afterAll(async () => {
    await browser?.close();
    await stack.close();
  });

  const open = async (path = '/', options: BrowserContextOptions = {}): Promise<OpenedConsole> => {
    if (browser === undefined) throw new Error('no browser was launched');
    const page = await (await browser.newContext(options)).newPage();
    opened = page;
    const problems: string[] = [];
    page.on('console', message => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', error => problems.push(error.message));
    await page.goto(stack.url + path);
    return { page, problems };
  };

  return {
    get stack(): LocalStack {
      return stack;
    },
    open,
    /** A test that is skipped, with the reason, where there is no browser. */
    test: testUnless(noBrowser),
  };
};
