import { signToken } from '../adapters/jose/token-signer.ts';
import { isLoopback } from '../adapters/local/loopback.ts';
import type { PageTokens } from '../adapters/local/page-routes.ts';
import type { Action } from '../domain/identity.ts';
import type { Config } from './config.ts';
import type { Secret } from './secret.ts';

const PAGE_TOKEN_MS = 12 * 60 * 60_000;
/** What a newcomer's users may do, so that the console has something to show. */
const PAGE_RIGHTS: Readonly<Record<string, readonly Action[]>> = {
  'room:*': ['subscribe', 'publish', 'history', 'presence'],
  'topic:*': ['subscribe', 'history'],
};

/** Only for the page of a developer's own machine. */
export const pageTokens = (config: Config, secret: Secret | undefined): PageTokens | undefined => {
  if (secret === undefined || config.production || !isLoopback(config.host)) return undefined;
  const { issuer, audience } = config.auth;
  const sign = (user: string, admin: boolean): Promise<string> =>
    signToken(
      secret.value,
      { user, admin, allow: admin ? {} : PAGE_RIGHTS, expiresInMs: PAGE_TOKEN_MS, issuer, audience },
      Date.now(),
    );
  return async () => ({
    alice: await sign('alice', false),
    bob: await sign('bob', false),
    admin: await sign('admin', true),
  });
};
