import { createRoute } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { html } from 'hono/html';
import * as z from 'zod';
import { FanfareError } from '../../../domain/errors.ts';
import type { TurnPushOff } from '../../../domain/use-cases/turn-push-off.ts';
import type { RateLimit, RateLimiter } from '../../../ports/rate-limiter.ts';
import type { UnsubscribeLinks } from '../../../ports/unsubscribe-links.ts';
import type { HttpApp } from '../app.ts';
import type { HttpEnv } from '../env.ts';
import { limitBody } from '../limit-body.ts';
import { problems } from '../openapi.ts';

const PATH = '/v1/unsubscribe/{token}';

/** One field, whose value RFC 8058 says (section 3.1). */
const MAX_BODY_BYTES = 1_024;

/** What the links of one user may be used. */
const CLICKS: RateLimit = { perSecond: 1, burst: 10 };

/** A page that asks for nothing from anywhere, and that tells nobody where it was. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
} as const;

const params = z.object({ token: z.string() });
const page = (description: string) => ({ description, content: { 'text/html': { schema: z.string() } } });

const confirm = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'confirmUnsubscribe',
  summary: 'Ask whether the pushes of a category are to end',
  description: 'Changes nothing, so that whoever only looks at a link does no harm.',
  request: { params },
  responses: {
    200: page('A page with a button'),
    404: page('The link is no good, or its time is over'),
    ...problems(503),
  },
});

const unsubscribe = createRoute({
  method: 'post',
  path: PATH,
  operationId: 'unsubscribe',
  summary: 'End the pushes of a category, in one click',
  description: 'As RFC 8058 has it: the link itself is the permission, and it permits nothing else.',
  request: {
    params,
    body: {
      required: true,
      content: {
        'application/x-www-form-urlencoded': {
          schema: z.object({ 'List-Unsubscribe': z.literal('One-Click') }),
        },
      },
    },
  },
  responses: {
    200: page('Turned off'),
    404: page('The link is no good, or its time is over'),
    ...problems(400, 413, 429, 503),
  },
});

export interface UnsubscribeParts {
  readonly unsubscribeLinks: UnsubscribeLinks;
  readonly turnPushOff: TurnPushOff;
  readonly limiter: RateLimiter;
}

/** Before whatever asks for a token: the link has one of its own, which is never logged. */
export const unsubscribeRoutes = (
  app: HttpApp,
  { unsubscribeLinks, turnPushOff, limiter }: UnsubscribeParts,
): void => {
  app.use('/v1/unsubscribe/*', limitBody(MAX_BODY_BYTES), async (c, next) => {
    c.set('loggedPath', PATH);
    await next();
  });
  app.openapi(confirm, async c => {
    const found = await unsubscribeLinks.read(c.req.valid('param').token);
    return found === undefined ? gone(c) : show(c, 200, askAbout(found.category));
  });
  app.openapi(unsubscribe, async c => {
    const found = await unsubscribeLinks.read(c.req.valid('param').token);
    if (found === undefined) return gone(c);
    const decision = await limiter.take(`unsubscribe/${found.user}`, CLICKS);
    if (!decision.allowed)
      throw new FanfareError('rate-limited', 'this link was used too often', {
        retryAfterMs: decision.retryAfterMs,
      });
    await turnPushOff.execute(found.user, found.category);
    return show(
      c,
      200,
      html`<h1>Turned off</h1><p>You get no more push notifications of <b>${found.category}</b>.</p>`,
    );
  });
};

const gone = (c: Context<HttpEnv>) =>
  show(c, 404, html`<h1>This link is no good any more</h1><p>You find your preferences in the app.</p>`);

const askAbout = (category: string) => html`<h1>Turn push notifications off?</h1>
<p>You would get no more of <b>${category}</b> on your devices.</p>
<form method="post"><button name="List-Unsubscribe" value="One-Click">Turn them off</button></form>`;

const show = (c: Context<HttpEnv>, status: 200 | 404, body: ReturnType<typeof html>) =>
  c.html(
    html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Push notifications</title>
<style>body{font:1.1rem/1.5 system-ui;max-width:32rem;margin:15vh auto;padding:0 1rem}button{font:inherit;padding:.5em 1em}</style>
</head><body>${body}</body></html>`,
    status,
    HEADERS,
  );
