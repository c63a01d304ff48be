import { causeOf } from '../../../domain/errors.ts';
import type { ConnectionId } from '../../../domain/ids.ts';
import type { ConnectionGateway } from '../../../ports/connection-gateway.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { FrameRouter } from '../../socket/frame-router.ts';
import type { WebSocketAnswer } from './events.ts';
import { messageEvent, parseEvent } from './events.ts';

export interface MessageParts {
  readonly frameRouter: FrameRouter;
  readonly gateway: ConnectionGateway;
  readonly logger: Logger;
}

/**
 * `$default`: the answer travels back on the same socket as the route's response. A connection that has ended is told so,
 * and closed, since API Gateway knows nothing of tokens.
 */
export const messageHandler =
  (parts: MessageParts) =>
  async (event: unknown): Promise<WebSocketAnswer> => {
    const { requestContext, body, isBase64Encoded } = parseEvent(messageEvent, event);
    const text = isBase64Encoded === true ? Buffer.from(body, 'base64').toString() : body;
    const answer = await parts.frameRouter.answer(requestContext.connectionId, text);
    if (!endsConnection(answer)) return { statusCode: 200, body: answer };
    await farewell(parts, requestContext.connectionId, answer);
    return { statusCode: 200 };
  };

/** Posted, since an answer that is returned would come after the close. Where it fails, the next frame tries again. */
const farewell = async (
  { gateway, logger }: MessageParts,
  id: ConnectionId,
  answer: string,
): Promise<void> => {
  try {
    await gateway.post(new TextEncoder().encode(answer), [id]);
    await gateway.close(id);
  } catch (error) {
    logger.warn('connection.not-closed', { connectionId: id, cause: causeOf(error) });
  }
};

/** No answer but this one is about the connection itself. It is short, and others need not be read for it. */
const endsConnection = (answer: string): boolean =>
  answer.length < 1_024 && (JSON.parse(answer) as { readonly code?: unknown }).code === 'unauthenticated';
