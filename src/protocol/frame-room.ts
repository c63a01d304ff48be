import type { Message } from '../domain/message.ts';
import type { MessageView } from './message-view.ts';
import { viewMessage } from './message-view.ts';

const encoder = new TextEncoder();

/** What one frame has room for, filled message by message. */
export class FrameRoom {
  #bytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** The first of them, in the words of the wire, up to the one that no longer fits. */
  take(messages: readonly Message[]): MessageView[] {
    const taken: MessageView[] = [];
    for (const message of messages) {
      const view = viewMessage(message);
      const bytes = encoder.encode(JSON.stringify(view)).length + 1;
      if (bytes > this.#bytes) break;
      this.#bytes -= bytes;
      taken.push(view);
    }
    return taken;
  }
}
