import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/composition/config.ts';

describe('Rules for channels', () => {
  const load = (rules: unknown) =>
    loadConfig({ FANFARE_CHANNELS: typeof rules === 'string' ? rules : JSON.stringify(rules) }).channels;

  test('say what is kept, who may publish, what fits and how fast', () => {
    const [rule] = load([
      {
        pattern: 'room:*',
        retention: { messages: 10, hours: 2 },
        history: false,
        publish: 'admin',
        presence: true,
        rate: { perSecond: 5, burst: 10 },
        schema: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
      },
    ]);
    expect(rule).toMatchObject({
      pattern: 'room:*',
      retention: { maxMessages: 10, maxAgeMs: 7_200_000 },
      history: false,
      publish: 'admin',
      presence: true,
      rate: { perSecond: 5, burst: 10 },
    });
    expect(rule?.check?.({ text: 'fits' })).toBeUndefined();
    expect(rule?.check?.({ text: 7 })).toMatchObject({ field: 'data.text' });
    expect(rule?.check?.('text')).toMatchObject({ field: 'data' });
  });

  test.each([
    ['what is no JSON', 'room:*', 'FANFARE_CHANNELS: expected a JSON array of rules, found "room:*"'],
    ['an object', '{}', 'FANFARE_CHANNELS: expected a JSON array of rules, found "{}"'],
    [
      'an unknown option',
      [{ pattern: 'room:*', presense: true }],
      'FANFARE_CHANNELS[0].presense: unknown field',
    ],
    [
      'a bad pattern',
      [{ pattern: '*:lobby' }],
      'FANFARE_CHANNELS[0].pattern: a channel, or a prefix of channels that ends in *',
    ],
    ['no time at all', [{ pattern: 'a*', retention: { hours: 0 } }], 'FANFARE_CHANNELS[0].retention.hours'],
    [
      'a schema that is none',
      [{ pattern: 'a*', schema: { type: 'objekt' } }],
      'FANFARE_CHANNELS[0].schema: a JSON Schema',
    ],
  ])('that are %s stop the start', (_, rules, problem) => {
    expect(() => load(rules)).toThrow(problem);
  });
});
