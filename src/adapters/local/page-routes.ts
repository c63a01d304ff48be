import { existsSync, globSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FanfareError } from '../../domain/errors.ts';
import type { HttpApp } from '../http/app.ts';
import { isLoopback } from './loopback.ts';

/** Where `scripts/build-console.ts` puts the page, in a checkout and in the package alike. */
const FOLDER = fileURLToPath(new URL('../../../dist/console/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** Assets have their contents' hash in their names. */
const FOREVER = 'public, max-age=31536000, immutable';

const NOT_BUILT = 'The console is not built yet: npm run build:console, and start again.\n';

/** Makes tokens for the page's own users. */
export type PageTokens = () => Promise<Readonly<Record<'alice' | 'bob' | 'admin', string>>>;

/** The console at `/`, and the tokens that it lives on, for a browser on this machine only. */
export const pageRoutes = (app: HttpApp, options: { readonly tokens: PageTokens | undefined }): void => {
  if (!existsSync(`${FOLDER}index.html`)) app.get('/', c => c.text(NOT_BUILT, 503));
  for (const name of globSync('**/*.*', { cwd: FOLDER })) {
    const isEntry = name === 'index.html';
    const body = new Uint8Array(readFileSync(FOLDER + name));
    const headers = {
      ...HEADERS,
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      'cache-control': name.startsWith('assets') ? FOREVER : 'no-cache',
    };
    app.get(isEntry ? '/' : `/${name.replaceAll('\\', '/')}`, c => c.body(body, 200, headers));
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
