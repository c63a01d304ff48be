import { ContainerModule } from 'inversify';
import { FrameLimit } from '../../adapters/socket/frame-limit.ts';
import { FrameRouter } from '../../adapters/socket/frame-router.ts';
import type { RateLimit } from '../../ports/rate-limiter.ts';
import { singleton } from '../injection.ts';
import { TOKENS } from '../tokens.ts';

const { subscribe, unsubscribe, sendMessage, history } = TOKENS;
const { readPresence: presence, readInbox: inbox, mark, acknowledge, frameLimit } = TOKENS;
const { frameLimiter: limiter, gateway } = TOKENS;
const { registry, clock, logger, metrics } = TOKENS;

/** From a socket's frames to use cases: the same behind every gateway. */
export const frames = (limit: RateLimit): ContainerModule =>
  new ContainerModule(options => {
    const limiting = { limiter, gateway, logger, metrics };
    singleton(options, frameLimit, limiting, parts => new FrameLimit(parts, limit));
    const following = { subscribe, unsubscribe, sendMessage, history, presence };
    const needs = { ...following, inbox, mark, acknowledge, frameLimit, registry, clock, logger, metrics };
    singleton(options, TOKENS.frameRouter, needs, parts => new FrameRouter(parts));
  });
