import { describe, expect, it } from 'vitest';
import type { EnvironmentInput } from '../../infra/config.ts';
import { synthesizeAll } from '../../infra/synth.ts';
import { accessOf, POLLS, READ_AND_WRITE, WRITES_LOG } from './access.ts';
import {
  anEnvironment,
  outputsOf,
  resource,
  resourcesOf,
  SMALL_PUSH,
  statementsOf,
  variablesOf,
} from './templates.ts';

const FUNCTION = 'AWS::Lambda::Function';

const stacksOf = (changes: Partial<EnvironmentInput> = {}) => {
  const { push = {}, ...others } = synthesizeAll(anEnvironment({ push: SMALL_PUSH, ...changes }));
  return { ...others, push };
};
const { push, compute, messaging } = stacksOf();

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

describe('alarms of schedules', () => {
  it('are kept in a group of the environment', () => {
    expect(resource(messaging, 'AWS::Scheduler::ScheduleGroup', 'AlarmClockGroup').Properties).toMatchObject({
      Name: 'fanfare-test',
    });
  });

  it('are put into their queue, or its dead letters, as a role that EventBridge takes for this group alone', () => {
    const { AssumeRolePolicyDocument } = resource(messaging, 'AWS::IAM::Role', 'AlarmClockRole').Properties;

    expect(AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: {
            StringEquals: {
              'aws:SourceAccount': { Ref: 'AWS::AccountId' },
              'aws:SourceArn': { 'Fn::GetAtt': [expect.stringContaining('AlarmClockGroup'), 'Arn'] },
            },
          },
        },
      ],
    });
    expect(accessOf(messaging, 'AlarmClockRole', target => JSON.stringify(target))).toEqual({
      [JSON.stringify({ 'Fn::GetAtt': [idOf('ScheduleQueue'), 'Arn'] })]: ['SendMessage'],
      [JSON.stringify({ 'Fn::GetAtt': [idOf('ScheduleDeadLetters'), 'Arn'] })]: ['SendMessage'],
    });
  });

  it('can be set by who is told of them, and handed to nobody but EventBridge', () => {
    const [passing] = statementsOf(push).filter(({ statement }) => statement.Action === 'iam:PassRole');

    expect(passing?.statement).toMatchObject({
      Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    });
  });
});

describe('the messaging stack', () => {
  it('puts out what an emulator needs to know of them', () => {
    expect(outputsOf(messaging)).toEqual(
      expect.arrayContaining([
        'TrailQueueUrl',
        'ScheduleGroup',
        'ScheduleRoleArn',
        'ScheduleQueueUrl',
        'ScheduleQueueArn',
        'ScheduleDeadLetterQueueArn',
      ]),
    );
  });
});

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
    const jwks = stacksOf({ tokens: { kind: 'jwks', url: 'https://id.example.com/keys' } });
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

describe('the ways to phones', () => {
  const { push: phones } = stacksOf({
    push: {
      ...SMALL_PUSH,
      apns: { secretName: 'fanfare/apns' },
      fcm: { secretName: 'fanfare/fcm', revision: 3 },
    },
  });
  const APPLICATION = 'Custom::FanfarePlatformApplication';
  const text = JSON.stringify(phones);

  it('are none where none is configured', () => {
    expect(resourcesOf(push, APPLICATION)).toEqual({});
    expect(Object.keys(resourcesOf(push, FUNCTION)).sort()).toEqual([
      'PushFunction',
      'ScheduleFunction',
      'TrailFunction',
    ]);
  });

  it('are made for each platform that is, by the name of a secret and nothing of what it says', () => {
    const made = Object.values(resourcesOf(phones, APPLICATION)).map(({ Properties }) => Properties);

    expect(made).toMatchObject([
      { Platform: 'APNS', Name: 'fanfare-test-apns', SecretId: 'fanfare/apns', Revision: 1 },
      { Platform: 'GCM', Name: 'fanfare-test-fcm', SecretId: 'fanfare/fcm', Revision: 3 },
    ]);
    expect(text).not.toMatch(/PlatformCredential|\{\{resolve/);
    expect(variablesOf(phones, 'Push')).toMatchObject({
      FANFARE_APNS_APPLICATION_ARN: { 'Fn::GetAtt': [expect.anything(), 'Arn'] },
      FANFARE_FCM_APPLICATION_ARN: { 'Fn::GetAtt': [expect.anything(), 'Arn'] },
    });
  });

  it('tell what they could not deliver in a log, and in a queue that keeps it for 14 days', () => {
    for (const { Properties } of Object.values(resourcesOf(phones, APPLICATION))) {
      expect(Properties).toMatchObject({
        FailureRoleArn: { 'Fn::GetAtt': [expect.stringContaining('Logging'), 'Arn'] },
        FailureTopicArn: { Ref: expect.stringContaining('FailureTopic') },
      });
    }
    expect(resource(phones, 'AWS::SQS::Queue', 'PlatformsFailures').Properties).toMatchObject({
      MessageRetentionPeriod: 1_209_600,
    });
  });

  it('are made by a function that reads those secrets, and changes those applications, alone', () => {
    const access = accessOf(phones, 'PlatformsRole', target => JSON.stringify(target));

    expect(Object.values(access).flat().sort()).toEqual(
      [
        WRITES_LOG,
        ...Array.from({ length: 2 }, () => [
          'CreatePlatformApplication',
          'DeletePlatformApplication',
          'SetPlatformApplicationAttributes',
        ]),
        ['GetSecretValue'],
        ['GetSecretValue'],
        ['PassRole'],
      ]
        .flat()
        .sort(),
    );
    expect(text).toContain(':secret:fanfare/apns-??????');
    expect(text).toContain(':secret:fanfare/fcm-??????');
  });

  it('let the function that pushes make endpoints of these applications, and publish to them', () => {
    const access = accessOf(
      phones,
      'PushRole',
      target => /(app|endpoint)\/\w+/.exec(JSON.stringify(target))?.[0] ?? '',
    );
    const toEndpoints = ['DeleteEndpoint', 'GetEndpointAttributes', 'Publish', 'SetEndpointAttributes'];

    expect(access).toMatchObject({
      'app/APNS': ['CreatePlatformEndpoint'],
      'app/GCM': ['CreatePlatformEndpoint'],
      'endpoint/APNS': toEndpoints,
      'endpoint/GCM': toEndpoints,
    });
  });
});

function pollerOf(name: string): Readonly<Record<string, unknown>> | undefined {
  const pollers = Object.values(resourcesOf(push, 'AWS::Lambda::EventSourceMapping'));
  return pollers.find(({ Properties }) => JSON.stringify(Properties.FunctionName).includes(name))?.Properties;
}

/** A queue's whole logical id. */
function idOf(name: string): string {
  const { Resources } = messaging as { readonly Resources: Readonly<Record<string, unknown>> };
  return Object.keys(Resources).find(id => new RegExp(`^${name}[0-9A-F]{8}$`).test(id)) ?? '';
}
