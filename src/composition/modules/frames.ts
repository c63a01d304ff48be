import { ContainerModule } from 'inversify';
import { FrameRouter } from '../../adapters/socket/frame-router.ts';
import { singleton } from '../injection.ts';
import { TOKENS } from '../tokens.ts';

const { subscribe, unsubscribe, sendMessage, history } = TOKENS;
const { registry, clock, logger, metrics } = TOKENS;

/** From a socket's frames to use cases: the same behind every gateway. */
export const frames = (): ContainerModule =>
  new ContainerModule(options => {
    const needs = { subscribe, unsubscribe, sendMessage, history, registry, clock, logger, metrics };
    singleton(options, TOKENS.frameRouter, needs, parts => new FrameRouter(parts));
  });
