import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import type { Fanfare, FanfareOptions, Message, sharedWebSocket } from '../../src/client/index.ts';
import type { LocalStack } from './local-stack.ts';

/** What a page of the site has at hand. */
export interface ClientWindow {
  readonly Fanfare: new (options: FanfareOptions) => Fanfare;
  readonly sharedWebSocket: typeof sharedWebSocket;
  client: Fanfare;
  /** What the page sends by itself, how much of it has been accepted, and whether it is to end. */
  talking?: Promise<void>;
  sent?: number;
  quiet?: boolean;
  /** What the page shows. */
  readonly shown: Message[];
  /** Errors, gaps, and whatever else it was not to have. */
  readonly problems: unknown[];
}

const SCRIPT = `
import { Fanfare, sharedWebSocket } from '../../src/client/index.ts';
Object.assign(window, { Fanfare, sharedWebSocket, shown: [], problems: [] });
addEventListener('unhandledrejection', ({ reason }) => problems.push(String(reason)));
`;

/** A site whose pages have the client, as bundled for browsers, and nothing else. */
export const aClientSite = async () => {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  const html = `<!doctype html><title>Client</title><script type="module">${outputFiles[0]?.text}</script>`;
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end(html);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    openPage: async (context: BrowserContext): Promise<Page> => {
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
    close: (): void => {
      server.closeAllConnections();
      server.close();
    },
  };
};

export type ClientSite = Awaited<ReturnType<typeof aClientSite>>;

/** What a page shows: places of the log, and what stands there. */
export const shownOn = (page: Page): Promise<[number, unknown][]> =>
  page.evaluate(() =>
    (globalThis as unknown as ClientWindow).shown.map(({ offset, data }) => [offset, data] as const),
  ) as Promise<[number, unknown][]>;
export const problemsOf = (page: Page): Promise<unknown[]> =>
  page.evaluate(() => [...(globalThis as unknown as ClientWindow).problems]);
export const stateOf = (page: Page): Promise<string> =>
  page.evaluate(() => (globalThis as unknown as ClientWindow).client.state.name);

export const connectionOf = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => {
    const { state } = (globalThis as unknown as ClientWindow).client;
    return state.name === 'connected' ? state.connectionId : undefined;
  });

/** What the channel's log has, whole. */
export const logOf = async (stack: LocalStack, room: string): Promise<[number, unknown][]> => {
  const log: [number, unknown][] = [];
  for (;;) {
    const after = log.at(-1)?.[0] ?? 0;
    const answer = await stack.get(`/v1/channels/${room}/messages?after=${after}&limit=300`);
    const { messages, complete } = (await answer.json()) as {
      messages: { offset: number; data: unknown }[];
      complete: boolean;
    };
    log.push(...messages.map(({ offset, data }): [number, unknown] => [offset, data]));
    if (complete) return log;
  }
};

/** Says something in the room every few ms, until told to stop. */
export const aTalker = async (stack: LocalStack, room: string) => {
  const bob = await stack.connect('bob', { admin: true });
  let said = 0;
  let talking = true;
  const talk = async () => {
    while (talking) {
      await bob.request({ action: 'sendMessage', channel: room, data: `said ${++said}` });
      await new Promise(resolve => setTimeout(resolve, 15));
    }
  };
  const done = talk();
  return {
    stop: async (): Promise<number> => {
      talking = false;
      await done;
      return said;
    },
  };
};
