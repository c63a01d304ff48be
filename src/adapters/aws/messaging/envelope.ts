import * as z from 'zod/mini';
import type { Channel } from '../../../domain/channel.ts';
import { isChannel } from '../../../domain/channel.ts';
import type { DeliveryJob } from '../../../domain/delivery.ts';
import { FanfareError } from '../../../domain/errors.ts';
import type { ConnectionId } from '../../../domain/ids.ts';
import type { Message } from '../../../domain/message.ts';
import type { MessageStore } from '../../../ports/message-store.ts';

/**
 * How messages and jobs travel through SNS and SQS: JSON, with the message itself or, where that would be over the
 * limit, with its place in the log, from which the receiver reads it.
 */

const channel = z.pipe(
  z.string().check(z.refine(isChannel, 'expected a channel')),
  z.transform(text => text as Channel),
);
const position = { epoch: z.string(), offset: z.int().check(z.minimum(1)) };

const wholeMessage = z.pipe(
  z.looseObject({
    id: z.string(),
    channel,
    ...position,
    sentAt: z.number(),
    from: z.string(),
    content: z.looseObject({ kind: z.enum(['data', 'notification', 'inbox', 'presence']) }),
  }),
  z.transform(value => value as unknown as Message),
);

const reference = z.strictObject({ channel, ...position });

const carriedMessage = z.union([z.strictObject({ message: wholeMessage }), z.strictObject({ reference })]);

const carriedJob = z.strictObject({
  id: z.string(),
  connectionIds: z.pipe(
    z.array(z.string()),
    z.transform(ids => ids as ConnectionId[]),
  ),
  attempt: z.int().check(z.minimum(0)),
  carried: carriedMessage,
});

export const encodeMessage = (message: Message, maxBytes: number): string =>
  JSON.stringify(carry(message, maxBytes));

export const encodeJob = (job: DeliveryJob, maxBytes: number): string => {
  const { message, ...rest } = job;
  const whole = JSON.stringify({ ...rest, carried: { message } });
  return Buffer.byteLength(whole) <= maxBytes
    ? whole
    : JSON.stringify({ ...rest, carried: carry(message, 0) });
};

/** @throws FanfareError `invalid` for what is no message of ours, `not-found` when the log no longer holds it */
export const decodeMessage = (text: string, store: MessageStore): Promise<Message> =>
  resolve(parse(carriedMessage, text), store);

/** @throws FanfareError as `decodeMessage` */
export const decodeJob = async (text: string, store: MessageStore): Promise<DeliveryJob> => {
  const { carried, ...job } = parse(carriedJob, text);
  return { ...job, message: await resolve(carried, store) };
};

const carry = (message: Message, maxBytes: number): z.input<typeof carriedMessage> => {
  const whole = { message };
  if (Buffer.byteLength(JSON.stringify(whole)) <= maxBytes)
    return whole as unknown as z.input<typeof carriedMessage>;
  const { channel, epoch, offset } = message;
  return { reference: { channel, epoch, offset } };
};

const resolve = async (carried: z.output<typeof carriedMessage>, store: MessageStore): Promise<Message> => {
  if ('message' in carried) return carried.message;
  const { channel, epoch, offset } = carried.reference;
  const { messages } = await store.read(channel, { after: offset - 1, limit: 1 });
  const [message] = messages;
  if (message?.offset === offset && message.epoch === epoch) return message;
  throw new FanfareError('not-found', `the log of ${channel} no longer holds offset ${offset}`);
};

const parse = <Schema extends z.ZodMiniType>(schema: Schema, text: string): z.output<Schema> => {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new FanfareError('invalid', 'the record is not one of ours', { cause: parsed.error });
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FanfareError('invalid', 'the record is not JSON', { cause });
  }
};
