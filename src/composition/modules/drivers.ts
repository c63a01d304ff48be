import { ContainerModule } from 'inversify';
import { createHttpApp } from '../../adapters/http/app.ts';
import { deadPushRoutes } from '../../adapters/http/routes/dead-pushes.ts';
import { deviceRoutes } from '../../adapters/http/routes/devices.ts';
import { inboxMarkRoutes } from '../../adapters/http/routes/inbox-marks.ts';
import { peopleRoutes } from '../../adapters/http/routes/people.ts';
import { scheduleRoutes } from '../../adapters/http/routes/schedules.ts';

import { trailRoutes } from '../../adapters/http/routes/trail.ts';

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
import { singleton } from '../injection.ts';
import { reachable } from '../reachable.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';
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
      const secret = keys.kind === 'secret' ? keys.secret : undefined;
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
        mark: TOKENS.mark,
        redrive: TOKENS.redrive,
        survey: LOCAL_TOKENS.survey,
        schedule: LOCAL_TOKENS.schedule,
        manage: LOCAL_TOKENS.manageSchedules,
        devices: LOCAL_TOKENS.manageDevices,
        users: LOCAL_TOKENS.manageUsers,
        preferences: LOCAL_TOKENS.managePreferences,
        turnPushOff: LOCAL_TOKENS.turnPushOff,
        unsubscribeLinks: LOCAL_TOKENS.unsubscribeLinks,
        phones: LOCAL_TOKENS.phones,
        redrivePushes: PUSH_TOKENS.redrivePushes,
        erase: LOCAL_TOKENS.eraseUser,
        exporting: LOCAL_TOKENS.exportUser,
        explain: LOCAL_TOKENS.explain,
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
              scheduleRoutes(app, parts);
              peopleRoutes(app, parts);
              trailRoutes(app, parts);
              deviceRoutes(app, parts);
              deadPushRoutes(app, parts);
              inboxMarkRoutes(app, parts);
              phoneRoutes(app, parts);
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
