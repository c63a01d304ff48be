import { ContainerModule } from 'inversify';
import { LocalGateway } from '../../adapters/local/gateway/local-gateway.ts';
import { ManagementApi } from '../../adapters/local/gateway/management-api.ts';
import type { ManagementAccess } from '../../adapters/local/gateway/signature.ts';
import { SignatureCheck } from '../../adapters/local/gateway/signature.ts';
import { isLoopback } from '../../adapters/local/loopback.ts';
import { MemoryRateLimiter } from '../../adapters/local/memory-rate-limiter.ts';
import type { Config } from '../config.ts';
import { alias, singleton } from '../injection.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';

/** API Gateway on a laptop: the sockets, and the management API beside them. */
export const localGateway = (config: Config): ContainerModule =>
  new ContainerModule(options => {
    const { clock, frameLimiter: limiter, logger, metrics } = TOKENS;
    const { quotas, slowReader } = config;
    // A socket, and API Gateway's quotas, are of this process alone.
    singleton(options, limiter, { clock }, parts => new MemoryRateLimiter(parts));
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
  });

/** Without credentials, the management API is for those on this machine only. */
const managementAccess = ({ management, host }: Config): ManagementAccess => {
  if (management !== undefined) return { kind: 'signed', ...management };
  return { kind: isLoopback(host) ? 'open' : 'closed' };
};
