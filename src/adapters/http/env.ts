import type { RequestIdVariables } from 'hono/request-id';
import type { Identity } from '../../domain/identity.ts';

/** What our middleware leaves on a request for the routes. */
export interface HttpEnv {
  Variables: RequestIdVariables & {
    identity: Identity /** Where the path itself is a secret. */;
    loggedPath?: string;
  };
}
