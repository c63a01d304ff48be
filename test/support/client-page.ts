import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import type { Fanfare, FanfareOptions, Message, sharedWebSocket } from '../../src/client/index.ts';

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
