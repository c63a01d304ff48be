import { ContainerModule } from 'inversify';
import { createHttpApp } from '../../adapters/http/app.ts';
import { unsubscribeRoutes } from '../../adapters/http/routes/unsubscribe.ts';
import { CachingTokenVerifier } from '../../adapters/jose/caching-token-verifier.ts';
import type { TokenKeys } from '../../adapters/jose/jwt-token-verifier.ts';
import { JwtTokenVerifier } from '../../adapters/jose/jwt-token-verifier.ts';
import { isLoopback } from '../../adapters/local/loopback.ts';
import { MemoryCache } from '../../adapters/local/memory-cache.ts';
import { phoneRoutes } from '../../adapters/local/phone-routes.ts';
import { SignedUnsubscribeLinks } from '../../adapters/system/signed-unsubscribe-links.ts';
import type { Identity } from '../../domain/identity.ts';
import { Survey } from '../../domain/use-cases/survey.ts';
import { describeSocket } from '../../protocol/async-api.ts';
import type { Config } from '../config.ts';
import { DATA_NEEDS, dataRoutes } from '../data-routes.ts';
import { singleton } from '../injection.ts';
import { reachable } from '../reachable.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';
import { VERSION } from '../version.ts';

/** Tokens whose signature need not be checked again for a minute. */
const CACHED_TOKENS = 10_000;

/** What drives the use cases on a laptop beside the sockets: HTTP, and the tokens that open both. */
export const drivers = (config: Config, keys: TokenKeys): ContainerModule =>
  new ContainerModule(options => {
    const { clock, logger, metrics, verifier, limiter, history } = TOKENS;
    const { issuer, audience } = config.auth;

    singleton(options, TOKENS.verifier, { clock }, parts => {
      const inner = new JwtTokenVerifier({ keys, issuer, audience, now: () => parts.clock.now() });
      const cache = new MemoryCache<Identity>({ ...parts, maxEntries: CACHED_TOKENS });
      return new CachingTokenVerifier({ ...parts, inner, cache });
    });

    singleton(options, LOCAL_TOKENS.unsubscribeLinks, { clock }, parts => {
      const secret = keys.kind === 'secret' ? async () => keys.secret : undefined;
      return new SignedUnsubscribeLinks({ ...parts, secret, publicUrl: publicUrlOf(config) });
    });
    singleton(options, LOCAL_TOKENS.survey, { index: LOCAL_TOKENS.index }, parts => new Survey(parts));
    singleton(options, LOCAL_TOKENS.lifecycle, {}, () => ({ draining: false }));
    const { prometheus, lifecycle } = LOCAL_TOKENS;
    singleton(
      options,
      TOKENS.httpApp,
      {
        notify: TOKENS.notify,
        history,
        presence: TOKENS.readPresence,
        inbox: TOKENS.readInbox,
        redrive: TOKENS.redrive,
        survey: LOCAL_TOKENS.survey,
        ...DATA_NEEDS,
        turnPushOff: LOCAL_TOKENS.turnPushOff,
        unsubscribeLinks: LOCAL_TOKENS.unsubscribeLinks,
        phones: LOCAL_TOKENS.phones,
        verifier,
        limiter,
        logger,
        metrics,
        prometheus,
        lifecycle,
      },
      parts =>
        createHttpApp(
          {
            ...parts,
            health: () => ({ status: parts.lifecycle.draining ? 'draining' : 'ok' }),
            exposeMetrics: () => parts.prometheus.expose(),
            describeSocket,
            openRoutes: app => unsubscribeRoutes(app, parts),
            moreRoutes: app => {
              dataRoutes(app, parts);
              if (!config.production) phoneRoutes(app, parts);
            },
          },
          {
            corsOrigins: config.corsOrigins,
            openMetrics: isLoopback(config.host),
            limits: config.limits,
            version: VERSION,
          },
        ),
    );
  });

/** On a machine of one's own, where it listens. */
const publicUrlOf = ({ publicUrl, production, host, port }: Config): URL | undefined =>
  publicUrl ?? (production || port === 0 ? undefined : new URL(`http://${reachable(host)}:${port}`));
