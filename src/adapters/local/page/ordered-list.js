// @ts-check

/** @typedef {import('./connection.js').Message} Message */

/** Entries shown; the server's log keeps more. */
const KEEP = 100;

/** A list that stays newest first whatever order messages come in. */
export class OrderedList {
  #list;
  /** @type {{ message: Message, element: HTMLElement }[]} */
  #entries = [];

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  /**
   * @param {Message} message
   * @param {HTMLElement} element
   */
  insert(message, element) {
    const found = this.#entries.findIndex(entry => isNewer(message, entry.message));
    const index = found === -1 ? this.#entries.length : found;
    this.#list.insertBefore(element, this.#entries[index]?.element ?? null);
    this.#entries.splice(index, 0, { message, element });
    for (const { element: old } of this.#entries.splice(KEEP)) old.remove();
  }
}

/**
 * By offset within a channel, by time across channels.
 * @param {Message} a
 * @param {Message} b
 */
const isNewer = (a, b) =>
  a.channel === b.channel && a.epoch === b.epoch ? a.offset > b.offset : a.sentAt > b.sentAt;
