// @ts-check

/**
 * How far a screen has read one channel. Offsets are gapless within an epoch, so a message that does not follow the
 * last one shows that something is missing, and the offset alone tells a repeat.
 */
export class ChannelLog {
  /** @type {string | undefined} */
  #epoch;
  /** Everything up to here has been seen, or is no longer kept by the server. */
  #offset = 0;
  /** @type {Set<number>} seen ahead of a gap */
  #ahead = new Set();
  #started = false;

  /** Where to read on from; undefined before the first read. */
  get after() {
    return this.#started ? this.#offset : undefined;
  }

  get hasGap() {
    return this.#started && this.#ahead.size > 0;
  }

  /**
   * A log that began anew, as a restarted server's may, is read from its start.
   * @param {string} epoch
   * @returns {boolean} whether it began anew
   */
  meet(epoch) {
    const anew = this.#epoch !== undefined && this.#epoch !== epoch;
    if (anew) {
      this.#offset = 0;
      this.#ahead.clear();
    }
    this.#epoch = epoch;
    return anew;
  }

  /**
   * @param {{ epoch: string, offset: number }} position
   * @returns {boolean} whether this is its first arrival
   */
  accept({ epoch, offset }) {
    this.meet(epoch);
    if (offset <= this.#offset || this.#ahead.has(offset)) return false;
    this.#ahead.add(offset);
    if (this.#started) this.#advance();
    return true;
  }

  /**
   * The server has sent everything it keeps up to this offset: what is missing below it will never come.
   * @param {number} offset
   */
  settle(offset) {
    this.#started = true;
    this.#offset = Math.max(this.#offset, offset);
    for (const ahead of this.#ahead) if (ahead <= this.#offset) this.#ahead.delete(ahead);
    this.#advance();
  }

  #advance() {
    while (this.#ahead.delete(this.#offset + 1)) this.#offset += 1;
  }
}
