import type { Message } from '../domain/message.ts';

/** Puts a message into the words of the wire protocol, once for all who receive it. */
export interface MessageEncoder {
  /** @returns one text frame's payload, UTF-8 */
  encode(message: Message): Uint8Array;
}
