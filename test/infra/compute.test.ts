import { describe, expect, it } from 'vitest';
import type { EnvironmentInput } from '../../infra/config.ts';
import { synthesizeAll } from '../../infra/synth.ts';
import type { Resource } from './templates.ts';
import { anEnvironment, OWN_DOMAIN, resource, resourcesOf, variablesOf } from './templates.ts';

const FUNCTION = 'AWS::Lambda::Function';
const POLLER = 'AWS::Lambda::EventSourceMapping';
const NAMES = ['Connect', 'Disconnect', 'Message', 'Http', 'FanOut', 'Deliver', 'Presence'];

const PRESENCE = ['PRESENCE_QUEUE_URL', 'PRESENCE_TABLE', 'SHARDS_BROADCAST', 'SHARDS_DEFAULT'];
const CONNECTIONS = ['CONNECTIONS_TABLE', ...PRESENCE];

const { compute } = synthesizeAll(anEnvironment());
const computeOf = (changes: Partial<EnvironmentInput>) => synthesizeAll(anEnvironment(changes)).compute;

describe('every function', () => {
  it.each(NAMES)('%s runs on Node 24 and arm64, from a bundle without source maps', name => {
    expect(resource(compute, FUNCTION, `${name}Function`).Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Environment: { Variables: expect.not.objectContaining({ NODE_OPTIONS: expect.anything() }) },
    });
  });

  it.each(NAMES)('%s logs to a group of its own that forgets', name => {
    expect(resource(compute, 'AWS::Logs::LogGroup', `${name}Logs`).Properties).toMatchObject({
      RetentionInDays: 30,
    });
    expect(resource(compute, FUNCTION, `${name}Function`).Properties).toMatchObject({
      LoggingConfig: { LogGroup: { Ref: expect.stringContaining(`${name}Logs`) } },
    });
  });

  it.each(NAMES)('%s has a role of its own without a managed policy', name => {
    expect(resource(compute, 'AWS::IAM::Role', `${name}Role`).Properties).not.toHaveProperty(
      'ManagedPolicyArns',
    );
  });

  it('has the memory that its environment gives it', () => {
    const roomy = computeOf({ functions: { memoryMb: { connect: 2_048 } } });

    expect(resource(roomy, FUNCTION, 'ConnectFunction').Properties).toMatchObject({ MemorySize: 2_048 });
    expect(resource(roomy, FUNCTION, 'DisconnectFunction').Properties).toMatchObject({ MemorySize: 512 });
  });
});

describe('the functions that a queue feeds', () => {
  const pollers = Object.values(resourcesOf(compute, POLLER));
  const pollerOf = (name: string): Resource | undefined =>
    pollers.find(({ Properties }) => JSON.stringify(Properties.FunctionName).includes(name));

  it.each([
    ['FanOut', 2],
    ['Deliver', 6],
    ['Presence', 2],
  ])('%s takes ten records at a time, reports each by itself, and runs %i times at once', (name, atOnce) => {
    expect(pollerOf(name)?.Properties).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: atOnce },
    });
  });

  it('deliver is reserved what its poller may start, and may put the rest of a job back', () => {
    expect(resource(compute, FUNCTION, 'DeliverFunction').Properties).toMatchObject({
      ReservedConcurrentExecutions: 6,
      RecursiveLoop: 'Allow',
    });
  });

  it('only deliver and presence feed the queue that they are fed by', () => {
    const others = NAMES.filter(name => name !== 'Deliver' && name !== 'Presence');

    for (const name of others) {
      expect(resource(compute, FUNCTION, `${name}Function`).Properties).not.toHaveProperty('RecursiveLoop');
    }
  });
});

describe('what a function is told', () => {
  it('has the address of the management API as API Gateway names it, never a domain of the own', () => {
    const own = computeOf({
      api: {
        domain: OWN_DOMAIN,
      },
    });
    const [, [, api, ...rest]] = (
      variablesOf(own, 'Deliver').FANFARE_MANAGEMENT_ENDPOINT as { 'Fn::Join': never }
    )['Fn::Join'] as [string, unknown[]];

    expect(api).toEqual({ Ref: expect.stringMatching(/^SocketApi/) });
    expect(rest).toEqual(['.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/ws']);
  });

  it.each([
    ['Connect', [...CONNECTIONS, 'SECRET_ARN']],
    ['Disconnect', CONNECTIONS],
    [
      'Message',
      [
        ...CONNECTIONS,
        'FRAMES_BURST',
        'FRAMES_PER_SECOND',
        'INBOX_TABLE',
        'LIMITS_TABLE',
        'MANAGEMENT_ENDPOINT',
        'MESSAGES_TABLE',
        'RETENTION_HOURS',
        'TOPIC_ARN',
      ],
    ],
    [
      'Http',
      [
        'DELIVERY_DEAD_LETTER_QUEUE_URL',
        'DELIVERY_QUEUE_URL',
        'IDEMPOTENCY_TABLE',
        'INBOX_TABLE',
        'LIMITS_TABLE',
        'MESSAGES_TABLE',
        'PRESENCE_TABLE',
        'REQUESTS_BURST',
        'REQUESTS_PER_SECOND',
        'RETENTION_HOURS',
        'SECRET_ARN',
        'SHARDS_BROADCAST',
        'SHARDS_DEFAULT',
        'TOPIC_ARN',
      ],
    ],
    ...['FanOut', 'Deliver'].map((name): [string, string[]] => [
      name,
      [
        ...CONNECTIONS,
        'DELIVERY_DEAD_LETTER_QUEUE_URL',
        'DELIVERY_QUEUE_URL',
        'MANAGEMENT_ENDPOINT',
        'MESSAGES_TABLE',
        'POST_CONCURRENCY',
        'RETENTION_HOURS',
      ],
    ]),
    ['Presence', [...PRESENCE, 'MESSAGES_TABLE', 'RETENTION_HOURS', 'TOPIC_ARN']],
  ])('is for %s what it uses, its stage and its log level', (name, expected) => {
    const ours = Object.keys(variablesOf(compute, name)).filter(variable => variable.startsWith('FANFARE_'));

    expect(ours.sort()).toEqual(
      [...expected, 'LOG_LEVEL', 'STAGE'].map(variable => `FANFARE_${variable}`).sort(),
    );
  });

  it('is the issuer and its keys in place of a secret, where there is one', () => {
    const tokens = {
      kind: 'jwks',
      url: 'https://id.example.com/keys',
      issuer: 'https://id.example.com',
      audience: 'us',
    };
    const template = computeOf({ tokens: tokens as EnvironmentInput['tokens'] });

    expect(variablesOf(template, 'Connect')).toMatchObject({
      FANFARE_JWKS_URL: 'https://id.example.com/keys',
      FANFARE_JWT_ISSUER: 'https://id.example.com',
      FANFARE_JWT_AUDIENCE: 'us',
    });
    expect(variablesOf(template, 'Connect')).not.toHaveProperty('FANFARE_SECRET_ARN');
    expect(resourcesOf(template, 'AWS::SecretsManager::Secret')).toEqual({});
  });

  it.each(NAMES)('is for %s the rules of channels, where there are any', name => {
    const channels = [{ pattern: 'room:*', presence: true }];

    expect(variablesOf(computeOf({ channels }), name)).toMatchObject({
      FANFARE_CHANNELS: JSON.stringify(channels),
    });
  });

  it('is the categories of notifications, for those who accept them', () => {
    const categories = { orders: { push: false } };

    expect(variablesOf(computeOf({ categories }), 'Http')).toMatchObject({
      FANFARE_CATEGORIES: JSON.stringify(categories),
    });
    expect(variablesOf(compute, 'Http')).not.toHaveProperty('FANFARE_CATEGORIES');
  });

  it('is how much one client may ask for', () => {
    const limited = computeOf({
      limits: { frames: { perSecond: 5, burst: 10 }, adminRequests: { perSecond: 7, burst: 9 } },
    });

    expect(variablesOf(limited, 'Message')).toMatchObject({
      FANFARE_FRAMES_PER_SECOND: '5',
      FANFARE_FRAMES_BURST: '10',
    });
    expect(variablesOf(limited, 'Http')).toMatchObject({
      FANFARE_REQUESTS_PER_SECOND: '50',
      FANFARE_ADMIN_REQUESTS_PER_SECOND: '7',
      FANFARE_ADMIN_REQUESTS_BURST: '9',
    });
  });

  it('is never a secret itself', () => {
    expect(variablesOf(compute, 'Http').FANFARE_SECRET_ARN).toEqual({
      Ref: expect.stringContaining('SigningSecret'),
    });
  });
});
