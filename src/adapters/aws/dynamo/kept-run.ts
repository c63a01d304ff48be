import type { Message } from '../../../domain/message.ts';

/**
 * What is kept of messages that are met in the order of their offsets. DynamoDB deletes by the age of each and late,
 * so that aged ones are met, and a younger one may be gone before an older one: what stands before a gap counts as
 * trimmed, since a page has none.
 */
export class KeptRun {
  readonly #epoch: string;
  readonly #agedUntil: number;
  #messages: Message[] = [];
  #skipped = 0;

  /** Messages of other epochs are what a lost log left behind; those sent at `agedUntil` or before are too old. */
  constructor({ epoch, agedUntil }: { readonly epoch: string; readonly agedUntil: number }) {
    this.#epoch = epoch;
    this.#agedUntil = agedUntil;
  }

  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** How many were met that are no longer kept. */
  get skipped(): number {
    return this.#skipped;
  }

  add(message: Message): void {
    const last = this.#messages.at(-1);
    const isForeign = message.epoch !== this.#epoch;
    if (isForeign || (last !== undefined && message.offset !== last.offset + 1)) this.#dropAll();
    // Only the oldest are trimmed: one that says it is older than those before it stays with them.
    const isAged = this.#messages.length === 0 && message.sentAt <= this.#agedUntil;
    if (isForeign || isAged) this.#skipped++;
    else this.#messages.push(message);
  }

  #dropAll(): void {
    this.#skipped += this.#messages.length;
    this.#messages = [];
  }
}
