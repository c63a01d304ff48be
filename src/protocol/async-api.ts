import * as z from 'zod';
import { messageView, positionView } from './fields.ts';
import { requestFrames } from './frames.ts';
import { answerFrames, pushFrame } from './server-frames.ts';
import { SUBPROTOCOL } from './subprotocol.ts';

type Action = keyof typeof requestFrames;
type Answer = keyof typeof answerFrames;

/** Each request, what answers it when all is well, and what it is for. */
const EXCHANGES: Readonly<Record<Action, { readonly answer: Answer; readonly summary: string }>> = {
  hello: { answer: 'welcome', summary: 'Who am I, until when, and which channels do I follow?' },
  subscribe: { answer: 'subscribed', summary: 'Follow channels, and get what was missed since a position' },
  unsubscribe: { answer: 'unsubscribed', summary: 'Follow a channel no longer' },
  sendMessage: { answer: 'accepted', summary: 'Append a message to a channel, for all who follow it' },
  history: { answer: 'history', summary: 'Read what a channel keeps' },
  presence: { answer: 'presence', summary: 'Who is in a channel?' },
  inbox: { answer: 'inbox', summary: "The user's own notifications, and how many are unread" },
  mark: { answer: 'marked', summary: 'Mark notifications as read, unread, archived or unarchived' },
  ack: { answer: 'acked', summary: 'Tell that notifications were shown to a person' },
  ping: { answer: 'pong', summary: 'Is the connection alive?' },
};

const ACTIONS = Object.keys(EXCHANGES) as Action[];
const ANSWERS = Object.keys(answerFrames) as Answer[];

/** The socket's protocol as an AsyncAPI 3.1 document, made from the schemas that the server parses with. */
export const describeSocket = (version: string) => ({
  asyncapi: '3.1.0',
  info: {
    title: 'Fanfare',
    version,
    license: { name: 'Apache-2.0' },
    description: 'Requests that a client sends over its WebSocket, their answers, and what is pushed to it.',
  },
  defaultContentType: 'application/json',
  channels: {
    socket: {
      address: '/ws',
      description: `JSON text frames; the subprotocol is ${SUBPROTOCOL}, the token travels as bearer.<jwt> beside it.`,
      messages: Object.fromEntries(
        [...ACTIONS, ...ANSWERS.map(answerName), 'push'].map(name => [
          name,
          { $ref: `#/components/messages/${name}` },
        ]),
      ),
      bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
    },
  },
  operations: {
    ...Object.fromEntries(ACTIONS.map(action => [action, exchange(action)])),
    push: {
      action: 'send',
      summary: 'Messages of the channels that the connection follows, at least once each',
      channel: { $ref: '#/channels/socket' },
      messages: [{ $ref: '#/channels/socket/messages/push' }],
    },
  },
  components: {
    messages: {
      ...Object.fromEntries(ACTIONS.map(action => [action, payload(action)])),
      ...Object.fromEntries(ANSWERS.map(answer => [answerName(answer), payload(answerName(answer))])),
      push: payload('push'),
    },
    schemas: { ...schemasOf(REQUESTS, 'input'), ...schemasOf(FRAMES, 'output') },
  },
});

/** A frame's name in the document: `history` and others are both a request and an answer. */
const answerName = (answer: Answer): string => `${answer}Answer`;

const exchange = (action: Action) => {
  const { answer, summary } = EXCHANGES[action];
  return {
    action: 'receive',
    summary,
    channel: { $ref: '#/channels/socket' },
    messages: [{ $ref: `#/channels/socket/messages/${action}` }],
    reply: {
      channel: { $ref: '#/channels/socket' },
      messages: [
        { $ref: `#/channels/socket/messages/${answerName(answer)}` },
        { $ref: `#/channels/socket/messages/${answerName('error')}` },
      ],
    },
  };
};

const payload = (name: string) => ({ name, payload: { $ref: `#/components/schemas/${name}` } });

const REQUESTS: Readonly<Record<string, z.ZodType>> = requestFrames;
const FRAMES: Readonly<Record<string, z.ZodType>> = {
  ...Object.fromEntries(ANSWERS.map(answer => [answerName(answer), answerFrames[answer]])),
  push: pushFrame,
  Message: messageView,
  Position: positionView,
};

/** JSON Schema of each, with references among them. */
const schemasOf = (schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output') => {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  return z.toJSONSchema(registry, {
    target: 'draft-7',
    io,
    unrepresentable: 'any',
    uri: id => `#/components/schemas/${id}`,
    override: ({ jsonSchema }) => {
      delete jsonSchema.$id;
      delete jsonSchema.$schema;
    },
  }).schemas;
};
