import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface CertificateOptions {
  /** Names of hosts that it is good for. */
  readonly names?: readonly string[];
  /** IPv4 addresses, likewise. */
  readonly addresses?: readonly string[];
  /** When it ends; in an hour when absent. */
  readonly until?: Date;
}

const DAY_MS = 86_400_000;

/** A key of P-256 and a certificate that it signed for itself (RFC 5280), in PEM: for a server that only a test trusts. */
export const aCertificate = (options: CertificateOptions = {}) => {
  const { names = ['localhost'], addresses = ['127.0.0.1'] } = options;
  const { until = new Date(Date.now() + 3_600_000) } = options;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(oid(85, 4, 3), der(0x0c, Buffer.from(names[0] ?? 'test')))));
  const alternatives = sequence(
    ...names.map(host => der(0x82, Buffer.from(host, 'ascii'))),
    ...addresses.map(address => der(0x87, Buffer.from(address.split('.').map(Number)))),
  );
  const unsigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    name,
    sequence(time(new Date(Date.now() - DAY_MS)), time(until)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(oid(85, 29, 17), der(0x04, alternatives)))),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', unsigned, privateKey)]));
  const body = sequence(unsigned, ECDSA_SHA256, signature).toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`,
  };
};

/** X.690: what it is, how long, and the content. */
const der = (tag: number, content: Buffer): Buffer => {
  const { length } = content;
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), content]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content]);
};

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const set = (...parts: readonly Buffer[]): Buffer => der(0x31, Buffer.concat(parts));
/** @param bytes of which the first stands for two arcs, and none is above 127 */
const oid = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes));
/** UTCTime, to the second. */
const time = (date: Date): Buffer =>
  der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`, 'ascii'));

/** 1.2.840.10045.4.3.2, of which two arcs take two bytes. */
const ECDSA_SHA256 = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
