const OPCODES = { text: 0x81, close: 0x88, pong: 0x8a } as const;
/** The mask protects caches in between from pages of strangers, and this is no page. */
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/**
 * A frame as clients send it, masked. RFC 6455, 5.2.
 *
 * @throws RangeError beyond 64 KB
 */
export const clientFrame = (kind: keyof typeof OPCODES, payload: Buffer): Buffer => {
  const short = payload.length <= 125;
  if (payload.length > 0xffff) throw new RangeError(`a frame here has 64 KB at the most`);
  const head = Buffer.alloc(short ? 2 : 4);
  head[0] = OPCODES[kind];
  head[1] = 0x80 | (short ? payload.length : 126);
  if (!short) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, MASK, payload.map((byte, index) => byte ^ (MASK[index % 4] as number))]);
};
