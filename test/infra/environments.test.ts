import { describe, expect, it } from 'vitest';
import type { EnvironmentInput } from '../../infra/config.ts';
import { defineEnvironment, EnvironmentError } from '../../infra/define-environment.ts';
import { anEnvironment } from './templates.ts';

const BASE: EnvironmentInput = {
  stage: 'trial',
  data: { pointInTimeRecovery: true, deletionProtection: false },
};

const problemsOf = (input: unknown): readonly string[] => {
  try {
    defineEnvironment(input as EnvironmentInput);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
};

describe('an environment', () => {
  it('needs a stage and how its data is kept, and no more', () => {
    expect(problemsOf(BASE)).toEqual([]);
  });

  it('is told every field that is missing or wrong at once, each with what was expected and found', () => {
    const problems = problemsOf({
      stage: 'Trial!',
      data: { pointInTimeRecovery: 'yes' },
      retentionHours: 0,
      functions: { memoryMb: { deliver: 64 } },
      observability: { alarmEmail: 'somebody' },
    });

    expect(problems).toEqual([
      'stage: expected up to 20 small letters, digits and dashes, a letter first, found "Trial!"',
      'data.pointInTimeRecovery: expected true or false, found "yes"',
      'data.deletionProtection: expected true or false, found nothing',
      'functions.memoryMb.deliver: expected a whole number from 128 to 10240, found 64',
      'observability.alarmEmail: expected an e-mail address, found "somebody"',
      'retentionHours: expected a whole number from 1 to 8760, found 0',
    ]);
  });

  it('is told of a field that there is not', () => {
    expect(problemsOf({ ...BASE, api: { throttling: {} } })).toEqual([
      'api.throttling: there is no such field; see infra/config.ts',
    ]);
  });

  it('is told what of push is wrong, field by field', () => {
    const push = { zones: 4, database: { multiAz: 'yes', storageGb: 5 }, cache: { kind: 'none' }, sms: true };

    expect(problemsOf({ ...BASE, push })).toEqual([
      'push.zones: expected a whole number from 2 to 3, found 4',
      'push.database.multiAz: expected true or false, found "yes"',
      'push.database.storageGb: expected a whole number from 20 to 13000, found 5',
      `push.cache.kind: expected 'serverless' or 'nodes', found "none"`,
      'push.sms: there is no such field; see infra/config.ts',
    ]);
    expect(problemsOf({ ...BASE, push: true })).toEqual([
      'push: expected false, or what push needs, found true',
    ]);
  });

  it.each([
    ['data.billing.mode', { data: { ...BASE.data, billing: { mode: 'free' } } }],
    ['messaging.topicEncryption', { messaging: { topicEncryption: 'aws' } }],
    ['tokens.url', { tokens: { kind: 'jwks', url: 'http://id.example.com' } }],
    ['api.corsOrigins.0', { api: { corsOrigins: ['app.example.com'] } }],
    ['api.domain.socketHost', { api: { domain: { ...DOMAIN(), socketHost: 'https://live.example.com' } } }],
    ['functions.logRetentionDays', { functions: { logRetentionDays: 31 } }],
    ['shards.broadcast', { shards: { broadcast: 1_025 } }],
    ['data', { data: undefined }],
  ])('names %s when that is wrong', (field, change) => {
    const problems = problemsOf({ ...BASE, ...change });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${field.replaceAll('.', '\\.')}: expected .+, found .+$`));
  });

  it('names the part of a rule for channels that is wrong, and counts the bytes of too many', () => {
    const rule = { pattern: 'room:*', presence: true, rate: { perSecond: 1, burst: 0 } };
    const many = Array.from({ length: 70 }, (_, n) => ({ pattern: `room:${n}-*`, presence: true }));

    expect(problemsOf({ ...BASE, channels: [rule] })).toEqual([
      expect.stringMatching(/^channels\.0\.rate\.burst: .*found 0$/),
    ]);
    expect(problemsOf({ ...BASE, channels: many })).toEqual([
      expect.stringMatching(/^channels: expected rules of 2500 bytes as JSON, .*; here 2\d{3}, found/),
    ]);
    expect(problemsOf({ ...BASE, channels: 'room:*' })).toEqual([
      'channels: expected a list of rules, found "room:*"',
    ]);
  });

  it('names the part of a category that is wrong, and counts its bytes beside those of the rules', () => {
    const rules = Array.from({ length: 50 }, (_, n) => ({ pattern: `room:${n}-*`, presence: true }));
    const categories = Object.fromEntries(rules.map((_, n) => [`category-${n}`, { push: false }]));

    expect(problemsOf({ ...BASE, categories: { orders: { digest: { every: 'day', at: '9:00' } } } })).toEqual(
      ['categories.orders.digest.at: expected a time of day from 00:00 to 23:59, found "9:00"'],
    );
    expect(problemsOf({ ...BASE, channels: rules })).toEqual([]);
    expect(problemsOf({ ...BASE, channels: rules, categories })).toEqual([
      expect.stringMatching(
        /^categories: expected categories, and .* of 2500 bytes as JSON, .*; here \d{4},/,
      ),
    ]);
    expect(problemsOf({ ...BASE, categories: [] })).toEqual([
      'categories: expected categories by their names, found []',
    ]);
  });

  it('with an issuer needs the audience that API Gateway checks beside it', () => {
    const tokens = { kind: 'jwks', url: 'https://id.example.com/keys', issuer: 'https://id.example.com' };

    expect(problemsOf({ ...BASE, tokens })).toEqual([expect.stringMatching(/^tokens\.audience: expected /)]);
  });

  it("is refused when its functions could post more than its share of API Gateway's quota", () => {
    const functions = { deliverConcurrency: 7 };

    expect(problemsOf({ ...BASE, functions })).toEqual([
      expect.stringMatching(
        /^functions\.deliverConcurrency: .*here 9000, within maxPostsPerSecond, here 8000/,
      ),
    ]);
    expect(problemsOf({ ...BASE, functions: { ...functions, maxPostsPerSecond: 9_000 } })).toEqual([]);
  });

  it('uses its share in full by default: 8 functions × 10 posts under way × 100 a second', () => {
    const { fanOutConcurrency, deliverConcurrency, postConcurrency, maxPostsPerSecond } =
      anEnvironment().functions;

    expect((fanOutConcurrency + deliverConcurrency) * postConcurrency * 100).toBe(maxPostsPerSecond);
  });
});

function DOMAIN() {
  return {
    zoneName: 'example.com',
    hostedZoneId: 'Z0123456789ABC',
    socketHost: 'live.example.com',
    httpHost: 'api.example.com',
  };
}
