import { createDecipheriv, createECDH, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { importJWK, jwtVerify } from 'jose';
import { aCertificate } from './certificate.ts';

export interface Delivered {
  readonly headers: IncomingHttpHeaders;
  /** What the browser reads. */
  readonly text: string;
  /** As it travelled. */
  readonly bytes: number;
  /** The claims of who pushed, verified by the key that the browser subscribed with. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * A push service of browsers, and the browsers behind it, by TLS on a loopback address. It is written from RFC 8030,
 * 8188, 8291 and 8292 with Node's cryptography alone, so that it does not share a mistake with whoever pushes.
 *
 * @param serverKey the public key of who pushes
 */
export const aPushService = async (serverKey: string) => {
  const { key, certificate } = aCertificate();
  const browsers = new Map<string, Browser>();
  const requests: string[] = [];
  const server = createServer({ key, cert: certificate }, async (request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const browser = browsers.get(path);
    const answer = browser?.answer ?? { status: browser === undefined ? 404 : 201 };
    if (browser !== undefined && answer.status === 201) {
      const body = Buffer.concat(parts);
      const claims = await whoPushed(serverKey, request.headers.authorization ?? '');
      const text = browser.decrypt(body);
      browser.delivered.push({ headers: request.headers, text, bytes: body.length, claims });
    }
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    certificate,
    host: `127.0.0.1:${port}`,
    origin: `https://127.0.0.1:${port}`,
    /** The path of each request, the first first. */
    requests,
    /** Another one each time. @returns the token, and what becomes of it */
    subscribe: () => {
      const path = `/push/${randomUUID()}`;
      const browser = new Browser();
      browsers.set(path, browser);
      const endpoint = `https://127.0.0.1:${port}${path}`;
      return {
        token: JSON.stringify({ endpoint, keys: browser.keys }),
        delivered: browser.delivered,
        /** From now on; as usual without an answer. */
        answer: (answer?: Answer): void => {
          browser.answer = answer;
        },
      };
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
};

class Browser {
  readonly #pair = createECDH('prime256v1');
  readonly #public = this.#pair.generateKeys();
  readonly #auth = randomBytes(16);
  readonly delivered: Delivered[] = [];
  answer: Answer | undefined;

  get keys() {
    return { p256dh: this.#public.toString('base64url'), auth: this.#auth.toString('base64url') };
  }

  /** RFC 8291, section 3.4: one record, which ends in a delimiter and zeroes. */
  decrypt(body: Buffer): string {
    const [salt, idLength] = [body.subarray(0, 16), body[20] ?? 0];
    const sender = body.subarray(21, 21 + idLength);
    const record = body.subarray(21 + idLength);
    const shared = this.#pair.computeSecret(sender);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#public, sender]);
    const material = hkdf(shared, this.#auth, info, 32);
    const key = hkdf(material, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = hkdf(material, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
    const decipher = createDecipheriv('aes-128-gcm', key, nonce);
    decipher.setAuthTag(record.subarray(-16));
    const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
    return padded.subarray(0, padded.lastIndexOf(2)).toString('utf8');
  }
}

const hkdf = (material: Buffer, salt: Buffer, info: Buffer, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', material, salt, info, length));

/** RFC 8292. Rejects for whoever did not sign with the key that is told, or has another than the one subscribed with. */
const whoPushed = async (serverKey: string, authorization: string) => {
  const [, token = '', told = ''] = /^vapid t=([^,]+), k=(\S+)$/.exec(authorization) ?? [];
  if (told !== serverKey) throw new Error(`expected who pushes to be ${serverKey}, found ${told}`);
  const point = Buffer.from(told, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map(half => half.toString('base64url'));
  const verifying = await importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256');
  return (await jwtVerify(token, verifying)).payload;
};
