import { randomFillSync } from 'node:crypto';
import type { ConnectionId } from '../../../domain/ids.ts';
import { connectionId } from '../../../domain/ids.ts';

const ID_BYTES = 11;
/** Asking the system for randomness costs the same for one id as for so many. */
const POOL_BYTES = 372 * ID_BYTES;

const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Shaped as API Gateway's: 15 characters of base64url and `=`. */
export const newConnectionId = (): ConnectionId => {
  if (used === POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const id = pool.toString('base64url', used, used + ID_BYTES);
  used += ID_BYTES;
  return connectionId(`${id}=`);
};

export const isConnectionId = (text: string): text is ConnectionId => /^[A-Za-z0-9_-]{15}=$/.test(text);
