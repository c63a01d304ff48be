import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { FanfareError } from '../../domain/errors.ts';
import type { HttpApp } from '../http/app.ts';
import { isLoopback } from './loopback.ts';

const FOLDER = new URL('./page/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
} as const;

/** Makes tokens for the page's own users. */
export type PageTokens = () => Promise<Readonly<Record<'alice' | 'bob' | 'admin', string>>>;

/** The first page at `/`, and the tokens that it lives on, for a browser on this machine only. */
export const pageRoutes = (app: HttpApp, options: { readonly tokens: PageTokens | undefined }): void => {
  for (const name of readdirSync(FOLDER)) {
    const body = readFileSync(new URL(name, FOLDER));
    const headers = { ...HEADERS, 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' };
    app.get(name === 'index.html' ? '/' : `/page/${name}`, c => c.body(new Uint8Array(body), 200, headers));
  }

  app.get('/dev/tokens', async c => {
    // A page of another site may resolve its own name to 127.0.0.1; its Host header gives it away.
    const local = isLoopback(c.req.header('host') ?? '');
    const site = c.req.header('sec-fetch-site') ?? 'same-origin';
    if (options.tokens === undefined || !local || site !== 'same-origin') {
      throw new FanfareError(
        'forbidden',
        'tokens are handed out to the page of a server on this machine only',
      );
    }
    c.header('cache-control', 'no-store');
    return c.json({ tokens: await options.tokens() });
  });
};
