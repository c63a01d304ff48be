import type { Message } from '../domain/message.ts';
import { viewMessage } from './message-view.ts';

const encoder = new TextEncoder();

/** The port MessageEncoder: a message as the frame that is pushed to its channel's subscribers. */
export const pushedFrame = {
  encode: (message: Message): Uint8Array =>
    encoder.encode(JSON.stringify({ type: 'message', ...viewMessage(message) })),
};
