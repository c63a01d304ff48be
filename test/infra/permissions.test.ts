import { describe, expect, it } from 'vitest';
import { synthesizeAll } from '../../infra/synth.ts';
import { accessOf as accessOfRole, POLLS, READ, READ_AND_WRITE, WRITES_LOG } from './access.ts';
import { anEnvironment, listed, statementsOf } from './templates.ts';

const templates = synthesizeAll(
  anEnvironment({ messaging: { topicEncryption: 'customer-key' }, observability: { monthlyBudgetUsd: 10 } }),
);
const { compute } = templates;

const accessOf = (name: string) => accessOfRole(compute, `${name}Role`, nameOf);

const TARGETS = [
  'Logs',
  'Connections',
  'Messages',
  'Idempotency',
  'PresenceQueue',
  'Presence',
  'Inbox',
  'Limits',
  'Notifications',
  'DeliveryDeadLetters',
  'DeliveryQueue',
  'FanOutQueue',
  'SigningSecret',
  'TopicKey',
];

const nameOf = (resource: unknown): string => {
  const text = JSON.stringify(resource);
  const [, index] = /\/index\/(\w+)/.exec(text) ?? [];
  if (index !== undefined) return `Inbox, ${index}`;
  const call = /\/ws\/(\w+)\/@connections\/\*/.exec(text);
  return call === null ? (TARGETS.find(target => text.includes(target)) ?? text) : `${call[1]} @connections`;
};

const LOGS = { Logs: WRITES_LOG };
const SENDS_PRESENCE = { PresenceQueue: ['SendMessage'] };
const CONNECTIONS = { Connections: READ_AND_WRITE, Presence: ['UpdateItem'], ...SENDS_PRESENCE };
const LISTS_INBOX = Object.fromEntries(
  ['listed', 'unread', 'archived'].map(name => [`Inbox, ${name}`, ['Query']]),
);
const SECRET = { SigningSecret: ['GetSecretValue'] };
const TOPIC = { Notifications: ['Publish'], TopicKey: ['Decrypt', 'GenerateDataKey'] };
const FAREWELL = {
  'POST @connections': ['ManageConnections'],
  'DELETE @connections': ['ManageConnections'],
};
const POSTS = {
  ...FAREWELL,
  'GET @connections': ['ManageConnections'],
};

describe('what a function may do', () => {
  it.each<[string, Record<string, readonly string[]>]>([
    ['Connect', { ...CONNECTIONS, ...SECRET }],
    ['Disconnect', CONNECTIONS],
    [
      'Message',
      {
        ...CONNECTIONS,
        Presence: ['Query', 'UpdateItem'],
        Messages: READ_AND_WRITE,
        Inbox: ['UpdateItem'],
        ...LISTS_INBOX,
        Limits: ['UpdateItem'],
        ...TOPIC,
        ...FAREWELL,
      },
    ],
    [
      'Http',
      {
        Messages: READ_AND_WRITE,
        Idempotency: READ_AND_WRITE,
        Inbox: ['PutItem'],
        ...LISTS_INBOX,
        Presence: ['Query'],
        Limits: ['UpdateItem'],
        DeliveryDeadLetters: ['ChangeMessageVisibility', 'DeleteMessage', 'ReceiveMessage'],
        DeliveryQueue: ['SendMessage'],
        ...TOPIC,
        ...SECRET,
      },
    ],
  ])('is for %s exactly what it does', (name, expected) => {
    expect(accessOf(name)).toEqual({ ...LOGS, ...expected });
  });

  it('is for fan-out to prune, to read, to post, and to send to the delivery queues', () => {
    expect(accessOf('FanOut')).toEqual({
      ...LOGS,
      ...POSTS,
      ...CONNECTIONS,
      Messages: READ,
      DeliveryQueue: ['SendMessage'],
      DeliveryDeadLetters: ['SendMessage'],
      FanOutQueue: POLLS,
    });
  });

  /** What it may do on the queue that feeds it, and with all else. */
  const fedBy = (name: string, queue: string) => {
    const onQueue = statementsOf(compute)
      .filter(({ name: policy }) => policy === `${name}RoleDefaultPolicy`)
      .filter(({ statement }) => JSON.stringify(statement.Resource).includes(queue))
      .flatMap(({ statement }) => listed(statement.Action));
    const { [queue]: _, ...others } = accessOf(name);
    return { onQueue: [...new Set(onQueue)].sort(), others };
  };
  const takesAndPuts = [...POLLS, 'SendMessage'].map(action => `sqs:${action}`).sort();

  it('is for deliver the same, with the delivery queue to take from', () => {
    const { onQueue, others } = fedBy('Deliver', 'DeliveryQueue');

    expect(onQueue).toEqual(takesAndPuts);
    expect(others).toEqual({
      ...LOGS,
      ...POSTS,
      ...CONNECTIONS,
      Messages: READ,
      DeliveryDeadLetters: ['SendMessage'],
    });
  });

  it('is for presence to decide who has left, and to tell it', () => {
    const { onQueue, others } = fedBy('Presence', 'PresenceQueue');

    expect(onQueue).toEqual(takesAndPuts);
    expect(others).toEqual({
      ...LOGS,
      ...TOPIC,
      Presence: ['DeleteItem', 'GetItem', 'Query', 'UpdateItem'],
      Messages: READ_AND_WRITE,
    });
  });
});

describe('a wildcard', () => {
  /** Allowed actions and resources with a `*`, each with the policy that has it. */
  const wildcards = Object.values(templates)
    .flatMap(statementsOf)
    .filter(({ statement }) => statement.Effect === 'Allow')
    .flatMap(({ name, statement }) =>
      [...listed(statement.Action), ...listed(statement.Resource ?? [])]
        .map(part => (typeof part === 'string' ? part : JSON.stringify(part)))
        .filter(part => part.includes('*'))
        .map(part => `${name}: ${part.replace(/^.*(?=\/ws\/)/, '').replace(/"\].*$/, '')}`),
    );

  // Each with its reason in docs/deploy.md.
  it("is allowed only in the id of a connection, and in a key's own policy", () => {
    expect(wildcards.sort()).toEqual([
      ...['Deliver', 'FanOut'].flatMap(name =>
        ['DELETE', 'GET', 'POST'].map(call => `${name}RoleDefaultPolicy: /ws/${call}/@connections/*`),
      ),
      ...['DELETE', 'POST'].map(call => `MessageRoleDefaultPolicy: /ws/${call}/@connections/*`),
      'TopicKey: *',
      'TopicKey: *',
      'TopicKey: kms:*',
    ]);
  });

  it('opens nothing to a principal that is anybody', () => {
    const open = Object.values(templates)
      .flatMap(statementsOf)
      .filter(({ statement }) => statement.Effect === 'Allow')
      .filter(({ statement }) => /"\*"/.test(JSON.stringify(statement.Principal ?? '')));

    expect(open).toEqual([]);
  });
});
