import { describe, expect, test } from 'vitest';
import { loadAwsConfig } from '../../src/composition/aws-config.ts';
import { payloadCheck } from '../../src/composition/payload-check.ts';

const rules = (...list: readonly object[]) => ({ FANFARE_CHANNELS: JSON.stringify(list) });
const order = { type: 'object', properties: { orderId: { type: 'integer' } }, required: ['orderId'] };

describe('A function', () => {
  test('that takes messages checks them by the schema of their channel', () => {
    const [rule] = loadAwsConfig(rules({ pattern: 'topic:orders', schema: order }), payloadCheck).channels;
    expect(rule?.check?.({ orderId: 42 })).toBeUndefined();
    expect(rule?.check?.({ orderId: 'x' })).toMatchObject({ field: 'data.orderId' });
  });

  test('that takes none would be loud if it did', () => {
    const [rule] = loadAwsConfig(rules({ pattern: 'topic:orders', schema: order })).channels;
    expect(() => rule?.check?.({})).toThrow('this function does not check what is published');
  });

  test.each([
    ['FANFARE_SHARDS_DEFAULT', '0', 'expected a whole number from 1 to 256, found "0"'],
    ['FANFARE_SHARDS_DEFAULT', '257', 'expected a whole number from 1 to 256, found "257"'],
    ['FANFARE_TOPIC_ARN', 'topic', 'expected an ARN, found "topic"'],
    ['FANFARE_JWKS_URL', 'keys', 'expected a URL, found "keys"'],
    ['FANFARE_LOG_LEVEL', 'loud', 'expected one of debug, info, warn, error, silent, found "loud"'],
    ['FANFARE_FRAMES_BURST', '0', 'expected a whole number from 1 to 1000000, found "0"'],
    ['FANFARE_PRESENCE_QUEUE_URL', 'queue', 'expected a URL, found "queue"'],
    ['FANFARE_CHANNELS', '[', 'expected a JSON array of rules, found "["'],
    ['FANFARE_TABLE', 'x', 'there is no such variable for the functions on AWS'],
  ])('does not start with %s=%s, and says why', (name, value, why) => {
    expect(() => loadAwsConfig({ [name]: value })).toThrow(`${name}: ${why}`);
  });

  test('says in words which part of a rule is wrong', () => {
    const wrong = rules({ pattern: 'room:*', rate: { perSecond: 1, burst: 0 } });
    expect(() => loadAwsConfig(wrong)).toThrow(/^FANFARE_CHANNELS\[0\]\.rate\.burst: Too small/);
  });

  test('reads what it is told', () => {
    const told = {
      FANFARE_JWKS_URL: 'https://id.example.com/keys',
      FANFARE_CORS_ORIGINS: 'a,b',
      FANFARE_STAGE: 'trial',
    };
    expect(loadAwsConfig(told)).toMatchObject({
      jwksUrl: new URL('https://id.example.com/keys'),
      corsOrigins: ['a', 'b'],
      stage: 'trial',
    });
    expect(loadAwsConfig({ FANFARE_FRAMES_PER_SECOND: '5', FANFARE_REQUESTS_BURST: '7' }).limits).toEqual({
      frames: { perSecond: 5, burst: 5 },
      requests: { perSecond: 50, burst: 7 },
    });
    expect(loadAwsConfig({})).toMatchObject({ jwksUrl: undefined, corsOrigins: [], stage: 'local' });
  });
});
