import type { KeyObject } from 'node:crypto';
import { createHmac, createSecretKey, hash } from 'node:crypto';

export interface PostCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** With a role's credentials, as a function has them. */
  readonly sessionToken?: string;
}

export interface PostToSign {
  /** As it goes over the wire, percent-encoded; without a query. */
  readonly path: string;
  /** Not changed after it was first signed: its hash is remembered. */
  readonly payload: Uint8Array;
  readonly credentials: PostCredentials;
  /** ms since 1970 */
  readonly now: number;
}

/**
 * AWS Signature Version 4 for the one shape of request that a fan-out makes thousands of: a POST without a query, from
 * one host and region. What stays the same between two posts is computed once: the payload's hash, the day's signing
 * key, the second's scope. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class PostSigner {
  readonly #host: string;
  readonly #region: string;
  readonly #hashes = new WeakMap<Uint8Array, string>();
  #scope: Scope | undefined;

  /** @param host as the `Host` header says it, with its port where that is not the scheme's own */
  constructor({ host, region }: { readonly host: string; readonly region: string }) {
    this.#host = host;
    this.#region = region;
  }

  /** @returns the headers that make the request a signed one */
  sign({ path, payload, credentials, now }: PostToSign): Record<string, string> {
    const { date, credentialScope, key } = this.#scopeOf(credentials, now);
    const { accessKeyId, sessionToken } = credentials;
    const token = sessionToken === undefined ? '' : `x-amz-security-token:${sessionToken}\n`;
    const signed = sessionToken === undefined ? SIGNED : SIGNED_WITH_TOKEN;
    const canonical = `POST\n${canonicalPath(path)}\n\nhost:${this.#host}\nx-amz-date:${date}\n${token}\n${signed}\n${this.#hashOf(payload)}`;
    const toSign = `AWS4-HMAC-SHA256\n${date}\n${credentialScope}\n${hash('sha256', canonical)}`;
    const signature = createHmac('sha256', key).update(toSign).digest('hex');
    const headers: Record<string, string> = {
      host: this.#host,
      'x-amz-date': date,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${credentialScope}, SignedHeaders=${signed}, Signature=${signature}`,
    };
    if (sessionToken !== undefined) headers['x-amz-security-token'] = sessionToken;
    return headers;
  }

  #hashOf(payload: Uint8Array): string {
    const known = this.#hashes.get(payload);
    if (known !== undefined) return known;
    const computed = hash('sha256', payload);
    this.#hashes.set(payload, computed);
    return computed;
  }

  /** The last one, unless the second or the credentials have changed. */
  #scopeOf({ secretAccessKey }: PostCredentials, now: number): Scope {
    const second = Math.floor(now / 1_000);
    const last = this.#scope;
    if (last?.second === second && last.secret === secretAccessKey) return last;
    const date = `${new Date(second * 1_000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    const day = date.slice(0, 8);
    const sameDay = last?.day === day && last.secret === secretAccessKey;
    const key = sameDay ? last.key : signingKey(secretAccessKey, day, this.#region);
    const credentialScope = `${day}/${this.#region}/${SERVICE}/aws4_request`;
    this.#scope = { second, day, date, credentialScope, secret: secretAccessKey, key };
    return this.#scope;
  }
}

interface Scope {
  readonly second: number;
  readonly day: string;
  readonly date: string;
  readonly credentialScope: string;
  readonly secret: string;
  readonly key: KeyObject;
}

const SERVICE = 'execute-api';
const SIGNED = 'host;x-amz-date';
const SIGNED_WITH_TOKEN = `${SIGNED};x-amz-security-token`;

const signingKey = (secret: string, day: string, region: string): KeyObject => {
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac('sha256', key).update(text).digest();
  const parts = [day, region, SERVICE, 'aws4_request'];
  return createSecretKey(parts.reduce<string | Buffer>(hmac, `AWS4${secret}`) as Buffer);
};

/** Every segment is encoded once more; what is unreserved or a slash stays. */
const canonicalPath = (path: string): string => encodeUri(path).replaceAll('%2F', '/');

/** As RFC 3986 has it, which counts `!'()*` among what is encoded. */
export const encodeUri = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
