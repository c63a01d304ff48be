import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { until } from '../support/until.ts';

const ROOT = join(import.meta.dirname, '../..');
const STARTED_WITHIN_MS = 20_000;
const MOST_LINES = 150;

let browser: Browser | undefined;
let running: ChildProcess | undefined;
const problems: string[] = [];
beforeAll(async () => {
  if (noBrowser === undefined) browser = await launchBrowser();
});
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
  running?.kill();
});
afterAll(() => browser?.close());

/** Starts an example as its README says, on a free port. @returns its page's address */
const start = async (name: string): Promise<string> => {
  let said = '';
  const child = spawn(process.execPath, ['examples/run.ts', name, '0'], { cwd: ROOT });
  running = child;
  child.stdout.on('data', text => {
    said += text;
  });
  child.stderr.pipe(process.stderr);
  await until(() => said.includes('http://'), STARTED_WITHIN_MS);
  return /http:\/\/\S+/.exec(said)?.[0] ?? '';
};

const open = async (url: string): Promise<Page> => {
  if (browser === undefined) throw new Error('no browser was launched');
  const page = await (await browser.newContext()).newPage();
  problems.length = 0;
  page.on('pageerror', error => problems.push(error.message));
  await page.goto(url);
  return page;
};

const inBrowser = (sentence: string, body: () => Promise<void>): void =>
  test(sentence, async context => {
    if (noBrowser !== undefined) context.skip(noBrowser);
    await body();
  });

describe('The example', () => {
  inBrowser('chat shows who is here, what is said, and what was said before one came', async () => {
    const url = await start('chat');
    const enter = async (name: string): Promise<Page> => {
      const page = await open(url);
      await page.getByLabel('Your name').fill(name);
      await page.getByRole('button', { name: 'Enter' }).click();
      await page.getByText('connected').waitFor();
      return page;
    };
    const say = async (page: Page, text: string) => {
      await page.getByLabel('Say something').fill(text);
      await page.getByRole('button', { name: 'Say' }).click();
    };
    const alice = await enter('alice');
    await say(alice, 'anybody here?');
    const bob = await enter('bob');
    await bob.getByText('alice: anybody here?').waitFor();
    await alice.getByText('Here: alice, bob').waitFor();

    await alice.context().setOffline(true);
    await say(bob, 'I am');
    await alice.context().setOffline(false);
    await alice.getByText('bob: I am').waitFor();

    await bob.getByRole('button', { name: 'music' }).click();
    await bob.getByRole('heading', { name: 'music' }).waitFor();
    expect(await bob.getByText('alice: anybody here?').count()).toBe(0);
    await say(bob, 'la la');
    await bob.getByText('bob: la la').waitFor();
    expect(await alice.getByText('bob: la la').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  inBrowser('order-tracking shows each step once, also to who opens the page later', async () => {
    const url = await start('order-tracking');
    const first = await open(`${url}?order=42`);
    const other = await open(`${url}?order=43`);
    await first.getByText('This page is live.').waitFor();
    await first.getByRole('button', { name: 'Scan the parcel' }).click();
    await first.locator('output', { hasText: 'Packed' }).waitFor();
    const later = await open(`${url}?order=42`);
    await later.locator('output', { hasText: 'Packed' }).waitFor();
    for (const page of [first, later]) {
      const steps = await page.locator('#steps li').allTextContents();
      expect(steps.map(step => step.split(',')[0]).sort()).toEqual(['Packed', 'Received']);
    }
    await other.locator('output', { hasText: 'Received' }).waitFor();
    expect(problems).toEqual([]);
  });

  inBrowser('live-scores brings a goal to everybody who watches', async () => {
    const page = await open(await start('live-scores'));
    await page.getByText('1000 of 1000 are watching with you.').waitFor();
    await page.getByRole('button', { name: 'Goal for away' }).click();
    await page.locator('output', { hasText: '0 : 1' }).waitFor();
    await page.getByText(/^1000 of 1000 others have this score, the last after \d+ ms\.$/).waitFor();
    expect(problems).toEqual([]);
  });

  test.each(['chat', 'order-tracking', 'live-scores'])('%s is under 150 lines', name => {
    const files = globSync(`examples/${name}/*.{ts,html}`, { cwd: ROOT });
    const lines = files.map(file => readFileSync(join(ROOT, file), 'utf8').split('\n').length);
    expect(files.length).toBeGreaterThan(2);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(MOST_LINES);
  });
});
