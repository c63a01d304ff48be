import * as z from 'zod/mini';
import { FanfareError } from '../../../domain/errors.ts';
import type { ConnectionId } from '../../../domain/ids.ts';
import { fieldErrors } from '../../../protocol/issues.ts';

/** What we read of AWS's events, as tolerant as AWS is: members that may be missing or null may be so here. */

const values = z.pipe(
  z.nullish(z.record(z.string(), z.optional(z.string()))),
  z.transform(map => map ?? {}),
);

const requestContext = z.looseObject({
  connectionId: z.pipe(
    z.string(),
    z.transform(id => id as ConnectionId),
  ),
});

export const connectEvent = z.looseObject({ requestContext, headers: values, queryStringParameters: values });

export const disconnectEvent = z.looseObject({ requestContext });

export const messageEvent = z.looseObject({
  requestContext,
  body: z.pipe(
    z.nullish(z.string()),
    z.transform(body => body ?? ''),
  ),
  isBase64Encoded: z.nullish(z.boolean()),
});

/** An HTTP API's, in payload format 2.0. */
export const httpEvent = z.looseObject({
  version: z.literal('2.0'),
  requestContext: z.looseObject({ http: z.looseObject({ method: z.string() }) }),
});

export const sqsEvent = z.looseObject({
  Records: z.array(z.looseObject({ messageId: z.string(), body: z.string() })),
});

export type SqsRecord = z.output<typeof sqsEvent>['Records'][number];

const minuteEvent = z.looseObject({ 'detail-type': z.literal('Scheduled Event') });

/** Whether it is what a rule of EventBridge sends each minute. */
export const isMinute = (event: unknown): boolean => minuteEvent.safeParse(event).success;

/** What SNS wraps a message in for a queue without raw delivery. */
export const snsEnvelope = z.looseObject({ Type: z.literal('Notification'), Message: z.string() });

/** What API Gateway takes as an integration's answer. */
export interface WebSocketAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The part of Lambda's context that we use. */
export interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** @throws FanfareError `invalid` naming what is wrong: then this function is wired to something else */
export const parseEvent = <Schema extends z.ZodMiniType>(
  schema: Schema,
  event: unknown,
): z.output<Schema> => {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const [first] = fieldErrors(parsed.error, 'event');
  throw new FanfareError(
    'invalid',
    `not the event that this function is for: ${first?.field}: ${first?.message}`,
  );
};
