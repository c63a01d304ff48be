import type { Message, Position } from '../../src/client/index.ts';

/** One life of the log. */
interface Epoch {
  readonly name: string;
  readonly messages: Message[];
  readonly keys: Map<string, number>;
  firstKept: number;
}

const MOST_REPLAYED = 3;
const PAGE = 4;

/** A channel's log as the model server has it. It answers as PROTOCOL.md has it, with small limits. */
export class ModelLog {
  readonly #channel: string;
  readonly #epochs = new Map<string, Epoch>();
  #epoch: Epoch;

  constructor(channel: string) {
    this.#channel = channel;
    this.#epoch = this.#begin();
  }

  get position(): Position {
    return { epoch: this.#epoch.name, offset: this.#epoch.messages.length };
  }

  /** How many lives it has had. */
  get epochs(): number {
    return this.#epochs.size;
  }

  get messages(): readonly Message[] {
    return this.#epoch.messages;
  }

  /** What stands, or stood, at a place. */
  at({ epoch, offset }: Position): { readonly message?: Message; readonly trimmed: boolean } {
    const { messages = [], firstKept = 1 } = this.#epochs.get(epoch) ?? {};
    return { message: messages[offset - 1], trimmed: offset < firstKept };
  }

  append(data: unknown, key: string): Message {
    const { name: epoch, messages, keys } = this.#epoch;
    const offset = keys.get(key) ?? messages.length + 1;
    const message = messages[offset - 1] ?? {
      channel: this.#channel,
      messageId: `${epoch}-${offset}`,
      epoch,
      offset,
      sentAt: '',
      from: 'bob',
      data,
    };
    messages[offset - 1] = message;
    if (key) keys.set(key, offset);
    return message;
  }

  trim(kept: number): void {
    this.#epoch.firstKept = Math.max(this.#epoch.firstKept, this.#epoch.messages.length + 1 - kept);
  }

  forget(): void {
    this.#epoch = this.#begin();
  }

  subscribed(since: Position | undefined): object {
    const { name, messages, firstKept } = this.#epoch;
    const missed = messages.slice(since?.offset ?? messages.length);
    const recovered =
      since?.epoch === name && missed.length <= MOST_REPLAYED && since.offset + 1 >= firstKept;
    return {
      channel: this.#channel,
      position: this.position,
      recovered,
      messages: recovered ? missed : [],
      complete: true,
    };
  }

  history(after: number): object {
    const { messages, firstKept } = this.#epoch;
    const from = Math.max(after + 1, firstKept);
    const page = messages.slice(from - 1, from - 1 + PAGE);
    const complete = from + PAGE > messages.length;
    return { messages: page, position: this.position, complete, trimmed: after + 1 < firstKept };
  }

  #begin(): Epoch {
    const epoch = { name: `e${this.#epochs.size}`, messages: [], keys: new Map(), firstKept: 1 };
    this.#epochs.set(epoch.name, epoch);
    return epoch;
  }
}
