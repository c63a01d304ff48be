import { causeOf, FanfareError } from '../../domain/errors.ts';
import type { ConnectionId } from '../../domain/ids.ts';
import type { Connect } from '../../domain/use-cases/connect.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { TokenVerifier } from '../../ports/token-verifier.ts';
import { SUBPROTOCOL } from '../../protocol/subprotocol.ts';
import { tokenOf } from './token-of.ts';

/** A handshake, as API Gateway and the local gateway both describe it. */
export interface Handshake {
  readonly connectionId: ConnectionId;
  /** Names in any case, as the client wrote them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
}

export type HandshakeAnswer =
  | { readonly statusCode: 200; readonly subprotocol: string | undefined; readonly expiresAt: number }
  | { readonly statusCode: 401 | 403 | 409 | 503; readonly message: string };

/** Decides about handshakes: who a token speaks for, and whether the connection opens. */
export class Handshakes {
  readonly #ports: HandshakesPorts;
  readonly #options: HandshakesOptions;

  constructor(ports: HandshakesPorts, options: HandshakesOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  async decide({ connectionId, headers, query }: Handshake): Promise<HandshakeAnswer> {
    try {
      const { token, subprotocol } = tokenOf(headers, this.#options.tokenInQuery ? query : {});
      const identity = await this.#ports.verifier.verify(token);
      const { longestLifeMs } = this.#options;
      const { expiresAt } = await this.#ports.connect.execute({ id: connectionId, identity, longestLifeMs });
      return { statusCode: 200, subprotocol: subprotocol ? SUBPROTOCOL : undefined, expiresAt };
    } catch (error) {
      return this.#refuse(error);
    }
  }

  #refuse(error: unknown): HandshakeAnswer {
    const known = error instanceof FanfareError && error.code !== 'internal' ? error : undefined;
    const statusCode = STATUS[known?.code ?? 'internal'] ?? 503;
    if (statusCode === 503) {
      this.#ports.logger.error('handshake.failed', { cause: causeOf(error) });
      this.#ports.metrics.count('failures_total', { where: 'handshake' });
    }
    return { statusCode, message: known?.message ?? 'something went wrong on our side' };
  }
}

export interface HandshakesPorts {
  readonly connect: Connect;
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface HandshakesOptions {
  /** Whether `?token=` is taken; only where the URL is logged by nobody. */
  readonly tokenInQuery: boolean;
  /** API Gateway closes a connection after 2 hours. */
  readonly longestLifeMs: number;
}

const STATUS: Partial<Record<FanfareError['code'], 401 | 403 | 409>> = {
  unauthenticated: 401,
  forbidden: 403,
  conflict: 409,
};
