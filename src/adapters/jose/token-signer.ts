import { SignJWT } from 'jose';
import type { Action } from '../../domain/identity.ts';

export interface TokenRequest {
  readonly user: string;
  readonly admin: boolean;
  /** Channel patterns to what they allow. */
  readonly allow: Readonly<Record<string, readonly Action[]>>;
  readonly expiresInMs: number;
  readonly issuer?: string;
  readonly audience?: string;
}

/** Signs tokens with the shared secret: for development, tests and the command line. */
export const signToken = async (secret: string, request: TokenRequest, nowMs: number): Promise<string> => {
  const { user, admin, allow, expiresInMs, issuer, audience } = request;
  const token = new SignJWT({ fanfare: { admin, allow } })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(user)
    .setIssuedAt(Math.floor(nowMs / 1_000))
    .setExpirationTime(Math.floor((nowMs + expiresInMs) / 1_000));
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.sign(new TextEncoder().encode(secret));
};
