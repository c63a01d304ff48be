/** What one can show. A rotation from one socket to the next is no change of it. */
export type State =
  | { readonly name: 'connecting' }
  | {
      readonly name: 'connected';
      readonly user: string;
      readonly connectionId: string;
      /** When the server closes this connection at the latest, ms since 1970; the next is opened before. */
      readonly expiresAt: number;
    }
  | {
      readonly name: 'waiting';
      /** When the next try begins, ms since 1970. */
      readonly until: number;
      readonly reason: string;
    }
  | { readonly name: 'closed'; readonly reason: ClosedReason };

/** `closed`: by the application. `no-token`: `getToken` gave `null`. `token-expired`: the one fixed token has ended. */
export type ClosedReason = 'closed' | 'no-token' | 'token-expired';
