import type { Identity } from '../domain/identity.ts';

export interface TokenVerifier {
  /**
   * Who a token speaks for.
   *
   * @throws FanfareError `unauthenticated`, saying what is wrong with the token but nothing of its content;
   *   `unavailable` when the keys cannot be had just now
   */
  verify(token: string): Promise<Identity>;
}
