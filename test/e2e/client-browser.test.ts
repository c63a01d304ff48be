import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import type { ClientSite, ClientWindow } from '../support/client-page.ts';
import {
  aClientSite,
  aTalker,
  connectionOf,
  logOf,
  problemsOf,
  shownOn,
  stateOf,
} from '../support/client-page.ts';
import { aProxyForOneTest, aStackForOneTest } from '../support/for-one-test.ts';
import type { LocalStack, TokenOptions } from '../support/local-stack.ts';
import { testUnless } from '../support/test-unless.ts';
import { until } from '../support/until.ts';
import { VirtualTime } from '../support/virtual-time.ts';

const ROOM = 'room:talk';
const RIGHTS: TokenOptions = { allow: { 'room:*': ['subscribe', 'publish', 'history'] } };
const CUTS = 100;

let browser: Browser | undefined;
let site: ClientSite;
beforeAll(async () => {
  site = await aClientSite();
  if (noBrowser === undefined) browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  site.close();
});

/** A server behind a wire, and a browser of its own. */
const aWorld = async () => {
  if (browser === undefined) throw new Error('no browser was launched');
  const stack = await aStackForOneTest({
    FANFARE_FRAMES_PER_SECOND: '1000',
    FANFARE_FRAMES_BURST: '1000',
    FANFARE_CHANNELS: JSON.stringify([{ pattern: ROOM, retention: { messages: 10_000, hours: 1 } }]),
  });
  const proxy = await aProxyForOneTest(stack);
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  return { stack, proxy, context };
};

/** A page that shows what is said in the room. */
const openPage = async (
  { stack, proxy, context }: { stack: LocalStack; proxy: { url: string }; context: BrowserContext },
  shared: boolean,
): Promise<Page> => {
  const page = await site.openPage(context);
  const token = await stack.token('alice', RIGHTS);
  await page.evaluate(
    ([url, token, room, shared]) => {
      const here = globalThis as unknown as ClientWindow;
      const client = new here.Fanfare({
        url,
        token,
        pingIntervalMs: 300,
        // Back-off as it is, drawn low, so that no test waits for long.
        runtime: { random: () => Math.random() / 30 },
        ...(shared ? { transport: here.sharedWebSocket() } : {}),
      });
      here.client = client;
      client.on('error', error => here.problems.push(String(error)));
      client.on('unrecoverable', gap => here.problems.push(gap));
      return client.channel(room).subscribe(message => here.shown.push(message)).ready;
    },
    [`${proxy.url}/ws`, token, ROOM, shared] as const,
  );
  return page;
};

describe('A page that uses the client', () => {
  const inBrowser = testUnless(noBrowser);

  inBrowser(
    `shows exactly the channel's log, and has sent each message once, after ${CUTS} cuts of its network`,
    async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      console.info(`seed of the cuts: ${seed}`);
      const chance = new VirtualTime(seed);
      const world = await aWorld();
      const { stack, proxy } = world;
      const page = await openPage(world, false);
      const talker = await aTalker(stack, ROOM);
      await page.evaluate(room => {
        const here = globalThis as unknown as ClientWindow;
        const talk = async () => {
          for (let n = 1; !here.client.state.name.startsWith('closed') && !here.quiet; n++) {
            await here.client.channel(room).send(`mine ${n}`);
            here.sent = n;
            await new Promise(resolve => setTimeout(resolve, 40));
          }
        };
        here.talking = talk();
      }, ROOM);

      for (let cut = 1; cut <= CUTS; cut++) {
        const before = await connectionOf(page);
        const kind = chance.random();
        proxy.slow(kind < 0.3 ? chance.random() * 200 : 0);
        // Two wires that are half-open: each takes 10 s to be noticed.
        if (cut === 30 || cut === 70) proxy.fallSilent();
        else proxy.cut();
        // Some are cut again while they are being opened.
        if (chance.random() < 0.25) await new Promise(resolve => setTimeout(resolve, chance.random() * 100));
        else {
          await until(async () => ![undefined, before].includes(await connectionOf(page)), 20_000);
          await new Promise(resolve => setTimeout(resolve, chance.random() * 150));
        }
      }
      proxy.slow(0);
      // On a busy machine it may have said less than it was cut.
      const sentOn = () => page.evaluate(() => (globalThis as unknown as ClientWindow).sent ?? 0);
      await until(async () => (await sentOn()) > CUTS, 60_000);
      const said = await talker.stop();
      const sent = await page.evaluate(async () => {
        const here = globalThis as unknown as ClientWindow;
        here.quiet = true;
        await here.talking;
        return here.sent ?? 0;
      });
      const log = await logOf(stack, ROOM);
      expect(log).toHaveLength(said + sent);
      expect(new Set(log.map(([, data]) => data)).size).toBe(said + sent);
      await until(async () => (await shownOn(page)).length >= log.length, 20_000);
      expect(await shownOn(page)).toEqual(log);
      expect(await problemsOf(page)).toEqual([]);
      expect(sent).toBeGreaterThan(CUTS);
    },
    180_000,
  );

  inBrowser(
    'shares one connection with the site’s other pages, and takes it over when theirs is closed',
    async () => {
      const world = await aWorld();
      const { stack, proxy } = world;
      const pages: Page[] = [];
      for (let n = 0; n < 4; n++) pages.push(await openPage(world, true));
      expect(proxy.connections).toBe(1);
      const talker = await aTalker(stack, ROOM);
      // The first that was opened leads, then the next.
      for (const page of pages.splice(0, 2)) {
        const before = await connectionOf(page);
        await new Promise(resolve => setTimeout(resolve, 300));
        await page.close();
        await until(async () => {
          const [one, ...others] = await Promise.all(pages.map(connectionOf));
          return one !== undefined && one !== before && others.every(other => other === one);
        });
        expect(proxy.connections).toBe(1);
      }
      pages.push(await openPage(world, true));
      proxy.cut();
      await until(async () => (await Promise.all(pages.map(stateOf))).every(name => name === 'connected'));
      await talker.stop();
      const log = await logOf(stack, ROOM);
      for (const page of pages) {
        const shown = await (async () => {
          await until(async () => (await shownOn(page)).at(-1)?.[0] === log.length);
          return shownOn(page);
        })();
        expect(shown).toEqual(log.slice(log.length - shown.length));
        expect(await problemsOf(page)).toEqual([]);
      }
      // Those that were there from the beginning.
      expect((await shownOn(pages[0] as Page)).length).toBe(log.length);
      await until(() => proxy.connections === 1);
    },
  );

  inBrowser('takes over from a page that hangs, which then finds its way back', async () => {
    const world = await aWorld();
    const { stack } = world;
    const pages = [await openPage(world, true), await openPage(world, true)];
    const [hung, awake] = pages as [Page, Page];
    const before = await connectionOf(awake);
    const bob = await stack.connect('bob', RIGHTS);
    const say = (data: string) => bob.request({ action: 'sendMessage', channel: ROOM, data });
    const hanging = hung.evaluate(() => {
      for (const end = performance.now() + 20_000; performance.now() < end; );
    });
    let hangs = true;
    void hanging.then(() => {
      hangs = false;
    });
    await say('one');
    // 10 s of silence, and 3 s for an answer of the page that leads.
    await until(async () => ![undefined, before].includes(await connectionOf(awake)), 30_000);
    await say('two');
    await until(async () => (await shownOn(awake)).length === 2);
    expect(hangs).toBe(true);
    await hanging;
    for (const page of pages) {
      await until(async () => (await shownOn(page)).length === 2, 30_000);
      expect((await shownOn(page)).map(([, data]) => data)).toEqual(['one', 'two']);
      expect(await problemsOf(page)).toEqual([]);
    }
  });
});
