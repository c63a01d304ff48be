/**
 * Reads what servers send, without a string or an object per delivery.
 *
 * All sockets of the load process read into one arena. Node reads a socket and calls back before it reads the next, so
 * the bytes are ours until `scan` returns; what is left of a cut frame is kept by its socket and laid down right before
 * the next read, so a frame is always in one piece.
 */
const CARRY = 64 * 1024;
const READ = 256 * 1024;
const arena = Buffer.alloc(CARRY + READ);
const view = new DataView(arena.buffer, arena.byteOffset, arena.byteLength);

/** What sockets read into: see `onread` of `net.connect`. */
export const readBuffer = arena.subarray(CARRY);

/** `"n":`, which stands before the number of a message, and the seven digits after it. */
const MARKER = 0x226e223a;
const MARKER_TEXT = '"n":';
const DIGITS = 7;
/** The first number, so that all have as many digits. */
export const FIRST = 1_000_000;

const FIN_TEXT = 0x81;
const FIN_CLOSE = 0x88;
const FIN_PING = 0x89;

export interface FrameListener {
  /**
   * @param message from 0
   * @param marker where its marker stands in what was read
   * @param start where its frame's text begins
   */
  delivery(message: number, marker: number, start: number): void;
  /** A text that is no delivery. */
  text(text: string): void;
  ping(payload: Buffer): void;
  /** Closed by the server, or a frame that no server here should send. */
  broken(why: string): void;
}

/** How far before the end of a frame the marker stood last: alike for all messages of one server. */
let distance = 0;

export class FrameScanner {
  readonly #listener: FrameListener;
  #rest: Buffer | undefined;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /** @param size how many bytes of `readBuffer` are new, @param from where frames start in them */
  scan(size: number, from = 0): void {
    const end = CARRY + size;
    let at = CARRY + from;
    if (this.#rest !== undefined) {
      at = CARRY - this.#rest.length;
      arena.set(this.#rest, at);
      this.#rest = undefined;
    }
    while (end - at >= 2) {
      const first = arena[at] as number;
      let length = arena[at + 1] as number;
      let payload = at + 2;
      if (length === 126) {
        if (end - at < 4) break;
        length = view.getUint16(payload);
        payload += 2;
      } else if (length === 127) {
        if (end - at < 10) break;
        length = Number(view.getBigUint64(payload));
        payload += 8;
      }
      const next = payload + length;
      if (next > end) break;
      if (first === FIN_TEXT) this.#text(payload, next);
      else this.#other(first, payload, next);
      at = next;
    }
    if (at < end) this.#keep(at, end);
  }

  /** Takes bytes that were read elsewhere. */
  feed(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; from += READ) {
      const size = bytes.copy(readBuffer, 0, from, from + READ);
      this.scan(size);
    }
  }

  #text(start: number, end: number): void {
    const marker = end - distance;
    const expected = numberAt(marker, start, end);
    if (expected >= 0) this.#listener.delivery(expected, marker, start);
    else this.#search(start, end);
  }

  #search(start: number, end: number): void {
    const found = arena.subarray(start, end).indexOf(MARKER_TEXT);
    const message = found < 0 ? -1 : numberAt(start + found, start, end);
    if (message >= 0) {
      distance = end - start - found;
      this.#listener.delivery(message, start + found, start);
    } else {
      this.#listener.text(arena.toString('utf8', start, end));
    }
  }

  #other(first: number, start: number, end: number): void {
    if (first === FIN_PING) this.#listener.ping(Buffer.from(arena.subarray(start, end)));
    else if (first === FIN_CLOSE)
      this.#listener.broken(`closed: ${end > start ? view.getUint16(start) : 1005}`);
    else this.#listener.broken(`a frame that begins with 0x${first.toString(16)}`);
  }

  #keep(at: number, end: number): void {
    if (end - at > CARRY) this.#listener.broken('a frame larger than 64 KB');
    else this.#rest = Buffer.from(arena.subarray(at, end));
  }
}

/** The four characters before the `",` before a marker: what a run's messages have in common. */
export const tagBefore = (marker: number): number => view.getUint32(marker - 6);

/** As `tagBefore` gives it. */
export const tagOf = (text: string): number => Buffer.from(text.slice(-4), 'latin1').readUInt32BE();

const OFFSET = '"offset":';
/** `offs`, which a guess is recognised by. */
const OFFS = 0x6f666673;
/** How far from the beginning of a frame the digits of its offset stood last. */
let offsetAt = 0;

/** A message's place in its log; 0 where it tells none. */
export const offsetIn = (start: number, marker: number): number => {
  const guess = start + offsetAt;
  if (offsetAt === 0 || guess >= marker || view.getUint32(guess - OFFSET.length + 1) !== OFFS) {
    const found = arena.subarray(start, marker).indexOf(OFFSET);
    if (found < 0) return 0;
    offsetAt = found + OFFSET.length;
  }
  let number = 0;
  for (let at = start + offsetAt; ; at++) {
    const digit = (arena[at] as number) - 48;
    if (!(digit >= 0 && digit <= 9)) return number;
    number = number * 10 + digit;
  }
};

/** The number of the message whose marker stands at `at`; -1 when there is none. */
const numberAt = (at: number, start: number, end: number): number => {
  if (at < start || at + 4 + DIGITS > end || view.getUint32(at) !== MARKER) return -1;
  let number = 0;
  for (let i = at + 4; i < at + 4 + DIGITS; i++) {
    const digit = (arena[i] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number - FIRST;
};
