import { ContainerModule } from 'inversify';
import { FrameRouter } from '../../adapters/socket/frame-router.ts';
import type { HandshakesOptions } from '../../adapters/socket/handshakes.ts';
import { Handshakes } from '../../adapters/socket/handshakes.ts';
import { singleton } from '../injection.ts';
import { TOKENS } from '../tokens.ts';

const { connect, subscribe, unsubscribe, sendMessage, history } = TOKENS;
const { registry, verifier, clock, logger, metrics } = TOKENS;

/** Who may open a socket: the same behind every gateway. */
export const handshakes = (handshakesOptions: HandshakesOptions): ContainerModule =>
  new ContainerModule(options => {
    const needs = { connect, verifier, logger, metrics };
    singleton(options, TOKENS.handshakes, needs, parts => new Handshakes(parts, handshakesOptions));
  });

/** From a socket's frames to use cases: the same behind every gateway. */
export const frames = (): ContainerModule =>
  new ContainerModule(options => {
    const needs = { subscribe, unsubscribe, sendMessage, history, registry, clock, logger, metrics };
    singleton(options, TOKENS.frameRouter, needs, parts => new FrameRouter(parts));
  });
