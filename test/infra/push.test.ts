import { describe, expect, it } from 'vitest';
import { accessOf, POLLS, READ_AND_WRITE, WRITES_LOG } from './access.ts';
import { pushStacks } from './push-stacks.ts';
import { resource, resourcesOf, variablesOf } from './templates.ts';

const FUNCTION = 'AWS::Lambda::Function';

const { push, compute } = pushStacks();

const TARGETS = [
  'Logs',
  'Messages',
  'Idempotency',
  'InboxTable',
  'Inbox',
  'Presence',
  'Limits',
  'Notifications',
  'DeliveryDeadLetters',
  'DeliveryQueue',
  'ScheduleQueue',
  'TrailQueue',
  'PushQueue',
  'AlarmClockRole',
  'SigningSecret',
  'ValkeyPassword',
];

const nameOf = (target: unknown): string => {
  const text = JSON.stringify(target);
  if (text.includes('/index/')) return 'Inbox, indexes';
  if (text.includes(':rds-db:')) return 'the database, as fanfare_app';
  if (text.includes(':schedule/')) return /:schedule\/[^"]+/.exec(text)?.[0] ?? text;
  return TARGETS.find(name => text.includes(name)) ?? text;
};

const NETWORK = {
  '"*"': [
    'AssignPrivateIpAddresses',
    'CreateNetworkInterface',
    'DeleteNetworkInterface',
    'DescribeNetworkInterfaces',
    'DescribeSubnets',
    'UnassignPrivateIpAddresses',
  ],
};
const IN_NETWORK = {
  ...NETWORK,
  Logs: WRITES_LOG,
  'the database, as fanfare_app': ['connect'],
};
const ALARMS = {
  ':schedule/fanfare-test/*': ['CreateSchedule', 'DeleteSchedule', 'UpdateSchedule'],
  AlarmClockRole: ['PassRole'],
};

describe('a function that needs the database', () => {
  it.each([
    ['schedule', push, 'Schedule'],
    ['trail', push, 'Trail'],
    ['push', push, 'Push'],
    ['http', compute, 'Http'],
  ] as const)('%s is in the isolated subnets, and signs in by IAM at the proxy', (_, template, name) => {
    expect(resource(template, FUNCTION, `${name}Function`).Properties).toMatchObject({
      VpcConfig: {
        SecurityGroupIds: [{ 'Fn::ImportValue': expect.stringContaining('NetworkFunctions') }],
        SubnetIds: [1, 2].map(number => ({
          'Fn::ImportValue': expect.stringContaining(`isolatedSubnet${number}`),
        })),
      },
    });
    expect(variablesOf(template, name)).toMatchObject({ FANFARE_POSTGRES_SIGN_IN: 'iam' });
    expect(JSON.stringify(variablesOf(template, name).FANFARE_POSTGRES_URL)).toMatch(
      /postgres:\/\/fanfare_app@.*DatabaseProxy.*Endpoint.*:5432\/fanfare/,
    );
  });

  it('http reaches the internet where the keys of tokens are there, and the others do not', () => {
    const jwks = pushStacks({ tokens: { kind: 'jwks', url: 'https://id.example.com/keys' } });
    const subnetsOf = (template: object, name: string) =>
      JSON.stringify(resource(template, FUNCTION, `${name}Function`).Properties.VpcConfig);

    expect(subnetsOf(jwks.compute, 'Http')).toMatch(/outgoingSubnet1.*outgoingSubnet2/);
    expect(subnetsOf(jwks.push, 'Schedule')).not.toContain('outgoing');
  });

  it.each(['Connect', 'Disconnect', 'Message', 'FanOut', 'Deliver', 'Presence'])(
    '%s does not, and stays outside, where the management API of sockets is',
    name => {
      expect(resource(compute, FUNCTION, `${name}Function`).Properties).not.toHaveProperty('VpcConfig');
      expect(Object.keys(variablesOf(compute, name)).join()).not.toMatch(/POSTGRES|SCHEDULE/);
    },
  );

  it.each(['Message', 'FanOut', 'Deliver'])('%s hands the trail over by a queue', name => {
    expect(variablesOf(compute, name)).toHaveProperty('FANFARE_TRAIL_QUEUE_URL');
    expect(accessOf(compute, `${name}Role`, nameOf)).toMatchObject({ TrailQueue: ['SendMessage'] });
  });

  it('message takes back from phones by a queue what was read', () => {
    expect(variablesOf(compute, 'Message')).toHaveProperty('FANFARE_PUSH_QUEUE_URL');
    expect(accessOf(compute, 'MessageRole', nameOf)).toMatchObject({ PushQueue: ['SendMessage'] });
  });

  it.each<[string, object, Record<string, readonly string[]>]>([
    ['Trail', push, { ...IN_NETWORK, TrailQueue: POLLS }],
    [
      'Schedule',
      push,
      {
        ...IN_NETWORK,
        ...ALARMS,
        Messages: READ_AND_WRITE,
        Idempotency: READ_AND_WRITE,
        Inbox: ['PutItem'],
        Notifications: ['Publish'],
        ValkeyPassword: ['GetSecretValue'],
        ScheduleQueue: [...POLLS, 'SendMessage'],
        PushQueue: ['SendMessage'],
      },
    ],
    [
      'Push',
      push,
      {
        ...IN_NETWORK,
        Inbox: ['GetItem'],
        'Inbox, indexes': ['Query'],
        ValkeyPassword: ['GetSecretValue'],
        PushQueue: POLLS,
      },
    ],
    [
      'Http',
      compute,
      {
        ...IN_NETWORK,
        ...ALARMS,
        Messages: READ_AND_WRITE,
        Idempotency: READ_AND_WRITE,
        Inbox: ['BatchWriteItem', 'PutItem', 'Query', 'UpdateItem'],
        'Inbox, indexes': ['Query'],
        Presence: ['Query'],
        Limits: ['UpdateItem'],
        Notifications: ['Publish'],
        ValkeyPassword: ['GetSecretValue'],
        DeliveryDeadLetters: ['ChangeMessageVisibility', 'DeleteMessage', 'ReceiveMessage'],
        DeliveryQueue: ['SendMessage'],
        ScheduleQueue: ['SendMessage'],
        PushQueue: ['SendMessage'],
        SigningSecret: ['GetSecretValue'],
      },
    ],
  ])('%s may do exactly what it does', (name, template, expected) => {
    expect(accessOf(template, `${name}Role`, nameOf)).toEqual(expected);
  });
});

describe('what feeds them', () => {
  it('is the queue of alarms, ten at a time, and a minute for what no alarm was set for', () => {
    expect(pollerOf('Schedule')).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(resource(push, 'AWS::Events::Rule', 'EachMinute').Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
    });
    expect(resource(push, FUNCTION, 'ScheduleFunction').Properties).toMatchObject({ RecursiveLoop: 'Allow' });
  });

  it('is the queue of the trail, a hundred records at a time', () => {
    expect(pollerOf('Trail')).toMatchObject({
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

function pollerOf(name: string): Readonly<Record<string, unknown>> | undefined {
  const pollers = Object.values(resourcesOf(push, 'AWS::Lambda::EventSourceMapping'));
  return pollers.find(({ Properties }) => JSON.stringify(Properties.FunctionName).includes(name))?.Properties;
}
