import { ContainerModule } from 'inversify';
import type { HandshakesOptions } from '../../adapters/socket/handshakes.ts';
import { Handshakes } from '../../adapters/socket/handshakes.ts';
import { singleton } from '../injection.ts';
import { TOKENS } from '../tokens.ts';

const { connect, verifier, logger, metrics } = TOKENS;

/** Who may open a socket: the same behind every gateway. */
export const handshakes = (handshakesOptions: HandshakesOptions): ContainerModule =>
  new ContainerModule(options => {
    const needs = { connect, verifier, logger, metrics };
    singleton(options, TOKENS.handshakes, needs, parts => new Handshakes(parts, handshakesOptions));
  });
