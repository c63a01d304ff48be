/** The close codes that the gateway uses (RFC 6455 section 7.4.1, and 1013 from IANA's registry). */
export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  unsupportedData: 1003,
  /** Never sent: the connection ended without a close frame. */
  abnormal: 1006,
  policyViolation: 1008,
  tooBig: 1009,
  tryAgainLater: 1013,
} as const;

const FINAL_TEXT = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** One final, unmasked text frame (RFC 6455 section 5.2). */
export const textFrame = (payload: Uint8Array): Buffer => {
  const { length } = payload;
  const headerBytes = length < LENGTH_16 ? 2 : length <= 0xffff ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame[0] = FINAL_TEXT;
  if (headerBytes === 2) {
    frame[1] = length;
  } else if (headerBytes === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(payload, headerBytes);
  return frame;
};

/** The longest header: two bytes, eight of length, four of mask. */
const LONGEST_HEADER_BYTES = 14;

/**
 * Reads the headers of a client's frames as the bytes go by, and nothing else. ws limits whole messages; API Gateway
 * limits each frame as well.
 */
export class FrameSizeGuard {
  readonly #limitBytes: number;
  #header: number[] = [];
  #toSkip = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** @returns false once a frame announces more than the limit */
  accepts(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#toSkip > 0) {
        const skipped = Math.min(this.#toSkip, chunk.length - at);
        this.#toSkip -= skipped;
        at += skipped;
        continue;
      }
      this.#header.push(chunk[at] as number);
      at += 1;
      const payloadBytes = payloadLength(this.#header);
      if (payloadBytes === undefined) continue;
      if (payloadBytes > this.#limitBytes) return false;
      this.#toSkip = payloadBytes;
      this.#header = [];
    }
    return true;
  }
}

/** The announced length, once the header is whole; `undefined` before. */
const payloadLength = (header: readonly number[]): number | undefined => {
  const [, second = 0] = header;
  const short = second & 0x7f;
  const lengthBytes = short === LENGTH_64 ? 8 : short === LENGTH_16 ? 2 : 0;
  const maskBytes = second & 0x80 ? 4 : 0;
  const whole = 2 + lengthBytes + maskBytes;
  if (header.length < 2 || header.length < Math.min(whole, LONGEST_HEADER_BYTES)) return undefined;
  if (lengthBytes === 0) return short;
  return header.slice(2, 2 + lengthBytes).reduce((length, byte) => length * 256 + byte, 0);
};
