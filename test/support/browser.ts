import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const executable = process.env.CHROMIUM_PATH ?? CANDIDATES.find(path => existsSync(path));

/** Why no browser test can run here; `undefined` where one can. With REQUIRE_BROWSER=1 the launch fails instead. */
export const noBrowser: string | undefined =
  executable !== undefined || process.env.REQUIRE_BROWSER === '1'
    ? undefined
    : 'no Chromium found; install it, or name it in CHROMIUM_PATH';

export const launchBrowser = (): Promise<Browser> => {
  if (executable === undefined) throw new Error('REQUIRE_BROWSER=1, and no Chromium found');
  return chromium.launch({
    executablePath: executable,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
};
