import { randomBytes } from 'node:crypto';
import type { ConnectionId } from '../../../domain/ids.ts';
import { connectionId } from '../../../domain/ids.ts';

const ID_BYTES = 11;

/** Shaped as API Gateway's: 15 characters of base64url and `=`. */
export const newConnectionId = (): ConnectionId =>
  connectionId(`${randomBytes(ID_BYTES).toString('base64url')}=`);

export const isConnectionId = (text: string): text is ConnectionId => /^[A-Za-z0-9_-]{15}=$/.test(text);
