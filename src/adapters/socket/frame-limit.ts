import { FanfareError } from '../../domain/errors.ts';
import type { ConnectionId } from '../../domain/ids.ts';
import type { ConnectionGateway } from '../../ports/connection-gateway.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { RateLimit, RateLimiter } from '../../ports/rate-limiter.ts';

/** Refusals of one connection before it is closed: so many at once, and so many a second. */
export const REFUSALS: RateLimit = { perSecond: 1, burst: 100 };

/** How many frames a connection may send. Who goes on regardless is closed. */
export class FrameLimit {
  readonly #ports: FrameLimitPorts;
  readonly #limit: RateLimit;

  constructor(ports: FrameLimitPorts, limit: RateLimit) {
    this.#ports = ports;
    this.#limit = limit;
  }

  /** @throws FanfareError `rate-limited` for a frame beyond the limit */
  async take(id: ConnectionId): Promise<void> {
    const { limiter, gateway, logger, metrics } = this.#ports;
    const decision = await limiter.take(`frames/${id}`, this.#limit);
    if (decision.allowed) return;
    metrics.count('frames_limited_total', {});
    const refusal = await limiter.take(`refusals/${id}`, REFUSALS);
    if (!refusal.allowed) {
      logger.warn('connection.abusive', { connectionId: id });
      await gateway.close(id, 'policy');
    }
    const { perSecond } = this.#limit;
    throw new FanfareError('rate-limited', `more than ${perSecond} frames a second`, {
      retryAfterMs: decision.retryAfterMs,
    });
  }
}

export interface FrameLimitPorts {
  readonly limiter: RateLimiter;
  readonly gateway: ConnectionGateway;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
