import { ContainerModule } from 'inversify';
import { createHttpApp } from '../../adapters/http/app.ts';
import { CachingTokenVerifier } from '../../adapters/jose/caching-token-verifier.ts';
import type { TokenKeys } from '../../adapters/jose/jwt-token-verifier.ts';
import { JwtTokenVerifier } from '../../adapters/jose/jwt-token-verifier.ts';
import { LocalGateway } from '../../adapters/local/gateway/local-gateway.ts';
import { ManagementApi } from '../../adapters/local/gateway/management-api.ts';
import type { ManagementAccess } from '../../adapters/local/gateway/signature.ts';
import { SignatureCheck } from '../../adapters/local/gateway/signature.ts';
import { isLoopback } from '../../adapters/local/loopback.ts';
import { MemoryCache } from '../../adapters/local/memory-cache.ts';
import type { Identity } from '../../domain/identity.ts';
import type { Config } from '../config.ts';
import { alias, singleton } from '../injection.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';
import { VERSION } from '../version.ts';

/** Tokens whose signature need not be checked again for a minute. */
const CACHED_TOKENS = 10_000;

/** What drives the use cases on a laptop: sockets, HTTP, and the tokens that open both. */
export const drivers = (config: Config, keys: TokenKeys): ContainerModule =>
  new ContainerModule(options => {
    const { clock, limiter, logger, metrics, verifier, history } = TOKENS;
    const { quotas, slowReader } = config;
    const { issuer, audience } = config.auth;

    singleton(options, TOKENS.verifier, { clock }, parts => {
      const inner = new JwtTokenVerifier({ keys, issuer, audience, now: () => parts.clock.now() });
      const cache = new MemoryCache<Identity>({ ...parts, maxEntries: CACHED_TOKENS });
      return new CachingTokenVerifier({ ...parts, inner, cache });
    });

    singleton(
      options,
      LOCAL_TOKENS.gateway,
      { clock, limiter, logger, metrics },
      parts => new LocalGateway(parts, { quotas, slowReader }),
    );
    alias(options, TOKENS.gateway, LOCAL_TOKENS.gateway);
    singleton(
      options,
      LOCAL_TOKENS.managementApi,
      { gateway: LOCAL_TOKENS.gateway, limiter, clock },
      parts => {
        const signature = new SignatureCheck(managementAccess(config), () => parts.clock.now());
        return new ManagementApi({ ...parts, quotas, signature });
      },
    );

    singleton(options, LOCAL_TOKENS.lifecycle, {}, () => ({ draining: false }));
    const { prometheus, lifecycle } = LOCAL_TOKENS;
    singleton(
      options,
      TOKENS.httpApp,
      { notify: TOKENS.notify, history, verifier, logger, metrics, prometheus, lifecycle },
      parts =>
        createHttpApp(
          {
            ...parts,
            health: () => ({ status: parts.lifecycle.draining ? 'draining' : 'ok' }),
            exposeMetrics: () => parts.prometheus.expose(),
          },
          { corsOrigins: config.corsOrigins, openMetrics: isLoopback(config.host), version: VERSION },
        ),
    );
  });

/** Without credentials, the management API is for those on this machine only. */
const managementAccess = ({ management, host }: Config): ManagementAccess => {
  if (management !== undefined) return { kind: 'signed', ...management };
  return { kind: isLoopback(host) ? 'open' : 'closed' };
};
