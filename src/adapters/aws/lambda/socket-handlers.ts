import type { Disconnect } from '../../../domain/use-cases/disconnect.ts';
import type { Handshakes } from '../../socket/handshakes.ts';
import type { WebSocketAnswer } from './events.ts';
import { connectEvent, disconnectEvent, parseEvent } from './events.ts';

/** `$connect`: anything but 200 is the handshake's answer. */
export const connectHandler =
  (handshakes: Handshakes) =>
  async (event: unknown): Promise<WebSocketAnswer> => {
    const { requestContext, headers, queryStringParameters: query } = parseEvent(connectEvent, event);
    const answer = await handshakes.decide({ connectionId: requestContext.connectionId, headers, query });
    if (answer.statusCode !== 200) {
      return { statusCode: answer.statusCode, body: JSON.stringify({ message: answer.message }) };
    }
    const { subprotocol } = answer;
    return {
      statusCode: 200,
      headers: subprotocol === undefined ? {} : { 'Sec-WebSocket-Protocol': subprotocol },
    };
  };

/** `$disconnect`, which comes late, twice or never; pruning makes good for the last. */
export const disconnectHandler =
  (disconnect: Disconnect) =>
  async (event: unknown): Promise<WebSocketAnswer> => {
    const { requestContext } = parseEvent(disconnectEvent, event);
    await disconnect.execute(requestContext.connectionId);
    return { statusCode: 200 };
  };
