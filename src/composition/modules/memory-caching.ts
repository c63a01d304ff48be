import { ContainerModule } from 'inversify';
import { MemoryCaches } from '../../adapters/local/memory-caches.ts';
import { alias, singleton } from '../injection.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';

/** Limits and cached values of this process alone. */
export const memoryCaching = new ContainerModule(options => {
  alias(options, TOKENS.limiter, TOKENS.frameLimiter);
  singleton(options, LOCAL_TOKENS.caches, { clock: TOKENS.clock }, parts => new MemoryCaches(parts));
});
