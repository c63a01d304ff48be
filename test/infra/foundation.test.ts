import { describe, expect, it } from 'vitest';
import { synthesize, synthesizeAll, testEnvironment } from '../../infra/synth.ts';
import { anEnvironment, outputsOf, resource, resourcesOf, statementsOf } from './templates.ts';

const TABLE = 'AWS::DynamoDB::Table';
const QUEUE = 'AWS::SQS::Queue';

describe('the data stack', () => {
  const { data } = synthesize(testEnvironment);

  it.each([
    ['Connections', 'S'],
    ['Messages', 'N'],
    ['Inbox', 'S'],
    ['Presence', 'S'],
  ])('keys %s by pk and a sort key of type %s, and lets what is over expire', (name, sortKey) => {
    const { Properties } = resource(data, TABLE, name);

    expect(Properties).toMatchObject({
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: expect.arrayContaining([
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: sortKey },
      ]),
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
  });

  it.each(['Idempotency', 'Limits'])('keys %s by pk alone, and lets what is over expire', name => {
    expect(resource(data, TABLE, name).Properties).toMatchObject({
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
  });

  it('lists an inbox by local indexes, each with a copy of no more than it needs', () => {
    const index = (name: string, Projection: object) => ({
      IndexName: name,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: name, KeyType: 'RANGE' },
      ],
      Projection,
    });
    const sparse = { ProjectionType: 'INCLUDE', NonKeyAttributes: ['sentAt'] };

    expect(resource(data, TABLE, 'Inbox').Properties.LocalSecondaryIndexes).toEqual([
      index('listed', { ProjectionType: 'ALL' }),
      index('unread', sparse),
      index('archived', sparse),
    ]);
  });

  it('has no global index, which would be read eventually consistent', () => {
    for (const { Properties } of Object.values(resourcesOf(data, TABLE))) {
      expect(Properties).not.toHaveProperty('GlobalSecondaryIndexes');
    }
  });

  it('names no table, so that two environments fit into one account', () => {
    for (const { Properties } of Object.values(resourcesOf(data, TABLE))) {
      expect(Properties).not.toHaveProperty('TableName');
    }
  });

  it('is paid by request unless configured otherwise', () => {
    for (const { Properties } of Object.values(resourcesOf(data, TABLE))) {
      expect(Properties).toMatchObject({ BillingMode: 'PAY_PER_REQUEST' });
    }
  });

  it('scales provisioned tables between the bounds, for reads and for writes', () => {
    const scaled = synthesize(
      anEnvironment({
        data: {
          billing: { mode: 'provisioned', minUnits: 5, maxUnits: 200 },
          pointInTimeRecovery: false,
          deletionProtection: false,
        },
      }),
    ).data;
    const targets = Object.values(resourcesOf(scaled, 'AWS::ApplicationAutoScaling::ScalableTarget'));

    expect(resource(scaled, TABLE, 'Messages').Properties).toMatchObject({
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    });
    expect(targets).toHaveLength(12);
    for (const { Properties } of targets)
      expect(Properties).toMatchObject({ MinCapacity: 5, MaxCapacity: 200 });
  });

  it('keeps, encrypts and can restore every table where it is told to', () => {
    const kept = synthesize(
      anEnvironment({
        data: { pointInTimeRecovery: true, encryption: 'aws-managed', deletionProtection: true },
      }),
    ).data;
    const tables = Object.values(resourcesOf(kept, TABLE));

    expect(tables).toHaveLength(6);
    for (const { Properties, DeletionPolicy } of tables) {
      expect(Properties).toMatchObject({
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
        DeletionProtectionEnabled: true,
      });
      expect(DeletionPolicy).toBe('Retain');
    }
  });

  it('puts out the names of its tables', () => {
    expect(outputsOf(data)).toEqual([
      'ConnectionsTable',
      'MessagesTable',
      'IdempotencyTable',
      'InboxTable',
      'PresenceTable',
      'LimitsTable',
    ]);
  });
});

describe('the messaging stack', () => {
  const { messaging } = synthesize(testEnvironment);

  it.each(['FanOut', 'Delivery', 'Presence'])(
    'gives a record of the %s queue five tries, then keeps it for 14 days',
    name => {
      const { RedrivePolicy } = resource(messaging, QUEUE, `${name}Queue`).Properties;
      const deadLetters = resource(messaging, QUEUE, `${name}DeadLetters`).Properties;

      expect(RedrivePolicy).toMatchObject({
        maxReceiveCount: 5,
        deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringContaining(`${name}DeadLetters`), 'Arn'] },
      });
      expect(deadLetters).toMatchObject({ MessageRetentionPeriod: 14 * 24 * 60 * 60 });
    },
  );

  it('hides a record for six times as long as its function may run', () => {
    const slow = synthesize(
      anEnvironment({ messaging: { fanOutTimeoutSeconds: 20, deliverTimeoutSeconds: 100 } }),
    ).messaging;

    expect(resource(slow, QUEUE, 'FanOutQueue').Properties).toMatchObject({ VisibilityTimeout: 120 });
    expect(resource(slow, QUEUE, 'DeliveryQueue').Properties).toMatchObject({ VisibilityTimeout: 600 });
  });

  it("encrypts every queue with SQS's own key, which SNS can deliver under", () => {
    const queues = Object.values(resourcesOf(messaging, QUEUE));

    expect(queues).toHaveLength(6);
    for (const { Properties } of queues) {
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
      expect(Properties).not.toHaveProperty('KmsMasterKeyId');
    }
  });

  it('refuses what does not come by TLS, on every queue and the topic', () => {
    const refusals = statementsOf(messaging).filter(({ statement }) => statement.Effect === 'Deny');

    expect(refusals.map(({ name }) => name).sort()).toEqual([
      'DeliveryDeadLettersPolicy',
      'DeliveryQueuePolicy',
      'FanOutDeadLettersPolicy',
      'FanOutQueuePolicy',
      'NotificationsPolicy',
      'PresenceDeadLettersPolicy',
      'PresenceQueuePolicy',
    ]);
    for (const { statement } of refusals) {
      expect(statement).toMatchObject({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    }
  });

  it('hands the fan-out queue the message as it was published, and what cannot be handed over its dead letters', () => {
    const [subscription] = Object.values(resourcesOf(messaging, 'AWS::SNS::Subscription'));

    expect(subscription?.Properties).toMatchObject({
      Protocol: 'sqs',
      RawMessageDelivery: true,
      Endpoint: { 'Fn::GetAtt': [expect.stringContaining('FanOutQueue'), 'Arn'] },
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringContaining('FanOutDeadLetters'), 'Arn'] },
      },
    });
  });

  it('encrypts the topic with a rotated key that SNS may use, where it is told to', () => {
    const encrypted = synthesize(anEnvironment({ messaging: { topicEncryption: 'customer-key' } })).messaging;
    const key = resource(encrypted, 'AWS::KMS::Key', 'TopicKey');
    const services = statementsOf(encrypted).find(({ statement }) =>
      JSON.stringify(statement.Principal).includes('sns.amazonaws.com'),
    );

    expect(resource(encrypted, 'AWS::SNS::Topic', 'Notifications').Properties).toHaveProperty(
      'KmsMasterKeyId',
    );
    expect(key.Properties).toMatchObject({ EnableKeyRotation: true });
    expect(services?.statement).toMatchObject({
      Effect: 'Allow',
      Action: expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey']),
    });
  });

  it('puts out what the functions and an emulator need to know', () => {
    expect(outputsOf(messaging)).toEqual([
      'TopicArn',
      'FanOutQueueUrl',
      'FanOutDeadLetterQueueUrl',
      'DeliveryQueueUrl',
      'DeliveryDeadLetterQueueUrl',
      'PresenceQueueUrl',
      'PresenceDeadLetterQueueUrl',
    ]);
  });
});

describe('the templates that an emulator gets', () => {
  const alone = synthesize(testEnvironment);

  it('carry no parameter, rule or asset of a bootstrapped account', () => {
    for (const template of [alone.data, alone.messaging]) {
      expect(Object.keys(template)).toEqual(['Resources', 'Outputs']);
      expect(JSON.stringify(template)).not.toMatch(/bootstrap|cdk-hnb659fds|AssetParameters/i);
    }
  });

  it('export nothing, so that they can be deployed twice beside each other', () => {
    expect(JSON.stringify(alone)).not.toContain('"Export"');
  });

  it('have the very resources of a whole deployment', () => {
    const whole = synthesizeAll(testEnvironment);

    expect(alone.data).toHaveProperty('Resources', Reflect.get(whole.data, 'Resources'));
    expect(alone.messaging).toHaveProperty('Resources', Reflect.get(whole.messaging, 'Resources'));
  });
});
