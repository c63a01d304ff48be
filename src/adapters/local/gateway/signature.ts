import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';

/** Who may call the management API. */
export type ManagementAccess =
  /** Anyone who reaches the port; for loopback. */
  | { readonly kind: 'open' }
  /** Nobody: the port is open to others, and no credentials are configured. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'signed'; readonly accessKeyId: string; readonly secretAccessKey: string };

/** AWS refuses signatures older or newer than five minutes. */
const MAX_SKEW_MS = 5 * 60_000;

/** Checks AWS Signature Version 4 by signing the same request with the same secret. */
export class SignatureCheck {
  readonly #access: ManagementAccess;
  readonly #now: () => number;

  constructor(access: ManagementAccess, now: () => number) {
    this.#access = access;
    this.#now = now;
  }

  async holds(request: IncomingMessage, body: Uint8Array | undefined): Promise<boolean> {
    if (this.#access.kind !== 'signed') return this.#access.kind === 'open';
    const claimed = parseAuthorization(request.headers.authorization ?? '');
    const signedAt = parseDate(request.headers['x-amz-date']);
    const { accessKeyId, secretAccessKey } = this.#access;
    if (claimed === undefined || signedAt === undefined || claimed.accessKeyId !== accessKeyId) return false;
    if (Math.abs(this.#now() - signedAt.getTime()) > MAX_SKEW_MS) return false;
    // A body over the quota is answered 413 whoever sent it; its hash cannot be checked.
    if (body === undefined) return true;

    const signer = new SignatureV4({
      credentials: { accessKeyId, secretAccessKey },
      region: claimed.region,
      service: claimed.service,
      sha256: NodeSha256,
      applyChecksum: false,
    });
    const headers = { ...pick(request, claimed.signedHeaders), 'x-amz-content-sha256': hexSha256(body) };
    const url = new URL(request.url ?? '/', 'http://localhost');
    const ours = await signer.sign(
      {
        method: request.method ?? 'GET',
        protocol: 'http:',
        hostname: url.hostname,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers,
      },
      {
        signingDate: signedAt,
        signableHeaders: new Set(claimed.signedHeaders),
        unsignableHeaders: unsigned(headers, claimed.signedHeaders),
      },
    );
    return equal(claimed.signature, parseAuthorization(ours.headers.authorization ?? '')?.signature ?? '');
  }
}

interface Claimed {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d{8}\/([^/\s]+)\/([^/\s]+)\/aws4_request, ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;

const parseAuthorization = (header: string): Claimed | undefined => {
  const [, accessKeyId, region, service, signedHeaders, signature] = AUTHORIZATION.exec(header) ?? [];
  if (!accessKeyId || !region || !service || !signedHeaders || !signature) return undefined;
  return { accessKeyId, region, service, signedHeaders: signedHeaders.split(';'), signature };
};

/** `20261121T091138Z` */
const parseDate = (header: string | string[] | undefined): Date | undefined => {
  const text = String(header).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
};

const pick = (request: IncomingMessage, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map(name => [name, String(request.headers[name] ?? '')]));

const unsigned = (headers: Readonly<Record<string, string>>, signed: readonly string[]): Set<string> =>
  new Set(Object.keys(headers).filter(name => !signed.includes(name)));

const equal = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));

const hexSha256 = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

/** The hash that the signer asks for, on Node's own crypto. */
class NodeSha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    // The signer makes a new one for each digest.
  }
}

const bytes = (data: string | ArrayBuffer | ArrayBufferView): Uint8Array => {
  if (typeof data === 'string') return Buffer.from(data);
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
};
