import { ContainerModule } from 'inversify';
import type { Valkey } from 'iovalkey';
import { LenientRateLimiter } from '../../adapters/system/lenient-rate-limiter.ts';
import { ValkeyCaches } from '../../adapters/valkey/valkey-caches.ts';
import { ValkeyRateLimiter } from '../../adapters/valkey/valkey-rate-limiter.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';

/** Limits and cached values that all servers share which use the same Valkey. */
export const valkeyCaching = (client: Valkey): ContainerModule =>
  new ContainerModule(options => {
    const { clock, logger, metrics } = TOKENS;
    singleton(options, TOKENS.limiter, { clock, logger, metrics }, parts => {
      const inner = new ValkeyRateLimiter({ client, clock: parts.clock, namespace: 'limits' });
      return new LenientRateLimiter({ ...parts, inner });
    });
    singleton(options, LOCAL_TOKENS.caches, {}, () => new ValkeyCaches({ client }));
  });
