import { createECDH } from 'node:crypto';

/** By which push services know who pushes (RFC 8292). */
export interface Vapid {
  /** Whom a push service may write to: `mailto:` or `https:`. */
  readonly subject: string;
  /** 65 bytes of base64url, which browsers subscribe with. */
  readonly publicKey: string;
  /** 32 bytes of base64url. */
  readonly privateKey: string;
}

const CURVE = 'prime256v1';

export const makeVapidKeys = (): Omit<Vapid, 'subject'> => {
  const pair = createECDH(CURVE);
  pair.generateKeys();
  // A number, of which one in 256 begins with a byte of zero that is not there.
  const privateKey = Buffer.alloc(32);
  const number = pair.getPrivateKey();
  number.copy(privateKey, 32 - number.length);
  return { publicKey: pair.getPublicKey('base64url'), privateKey: privateKey.toString('base64url') };
};

/** Whether what the one signs is what the other verifies. */
export const isVapidPair = ({ publicKey, privateKey }: Omit<Vapid, 'subject'>): boolean => {
  const pair = createECDH(CURVE);
  try {
    pair.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  } catch {
    return false;
  }
  return pair.getPublicKey('base64url') === publicKey;
};
