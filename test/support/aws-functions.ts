import { messageHandler } from '../../src/adapters/aws/lambda/message-handler.ts';
import {
  deliverHandler,
  fanOutHandler,
  presenceHandler,
} from '../../src/adapters/aws/lambda/queue-handlers.ts';
import { connectHandler, disconnectHandler } from '../../src/adapters/aws/lambda/socket-handlers.ts';
import { FrameRouter } from '../../src/adapters/socket/frame-router.ts';
import { Handshakes } from '../../src/adapters/socket/handshakes.ts';
import { FanfareError } from '../../src/domain/errors.ts';
import { connectionId } from '../../src/domain/ids.ts';
import type { TokenVerifier } from '../../src/ports/token-verifier.ts';
import { anIdentity } from './builders.ts';
import { aWorld } from './world.ts';

/** Takes the token `good`, for alice. */
const verifier: TokenVerifier = {
  verify: async token => {
    if (token === 'good') return anIdentity({ admin: true });
    if (token === 'broken') throw new TypeError('boom');
    throw new FanfareError('unauthenticated', 'the token is not valid');
  },
};

export const anyContext = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };

/** Each function, over one world in memory. */
export const openFunctions = () => {
  const world = aWorld();
  const handshakes = new Handshakes(
    { ...world, verifier },
    { tokenInQuery: false, longestLifeMs: 7_200_000 },
  );
  return {
    ...world,
    connectFunction: connectHandler(handshakes),
    messageFunction: messageHandler({ ...world, frameRouter: new FrameRouter(world) }),
    disconnectFunction: disconnectHandler(world.disconnect),
    fanOutFunction: fanOutHandler(world),
    deliverFunction: deliverHandler(world),
    presenceFunction: presenceHandler(world),
  };
};

/** Of an event of API Gateway's: which socket it tells of. */
export const requestContext = {
  connectionId: connectionId('L0SM9cOFvHcCIhw='),
  routeKey: '$connect',
  eventType: 'CONNECT',
};

/** An event of SQS, with records `m0`, `m1` and so on. */
export const records = (...bodies: readonly string[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    body,
    attributes: {},
    eventSource: 'aws:sqs',
  })),
});

/** What a function answers to SQS, by the indices of the records that failed. */
export const failures = (...indices: readonly number[]) => ({
  batchItemFailures: indices.map(index => ({ itemIdentifier: `m${index}` })),
});
