import { FanfareError } from '../../domain/errors.ts';
import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL } from '../../protocol/subprotocol.ts';

type Values = Readonly<Record<string, string | undefined>>;

export interface HandshakeToken {
  readonly token: string;
  /** Whether the client offered `fanfare.v1`, which then must be echoed. */
  readonly subprotocol: boolean;
}

/**
 * The token of a handshake: a `bearer.<jwt>` subprotocol (browsers can set nothing else), the `Authorization` header,
 * or the query's `token`, in this order.
 *
 * @throws FanfareError `unauthenticated` when there is none
 */
export const tokenOf = (headers: Values, query: Values): HandshakeToken => {
  const offered = (header(headers, 'sec-websocket-protocol') ?? '').split(',').map(part => part.trim());
  const subprotocol = offered.includes(SUBPROTOCOL);
  const bearer = offered.find(part => part.startsWith(BEARER_SUBPROTOCOL_PREFIX));
  const authorization = /^Bearer +(\S+)$/i.exec(header(headers, 'authorization') ?? '');
  const token = bearer?.slice(BEARER_SUBPROTOCOL_PREFIX.length) ?? authorization?.[1] ?? query.token;
  if (token) return { token, subprotocol };
  throw new FanfareError(
    'unauthenticated',
    `expected a token: the subprotocols ${SUBPROTOCOL} and bearer.<jwt>, or an Authorization header`,
  );
};

const header = (headers: Values, name: string): string | undefined => {
  const found = Object.keys(headers).find(key => key.toLowerCase() === name);
  return found === undefined ? undefined : headers[found];
};
