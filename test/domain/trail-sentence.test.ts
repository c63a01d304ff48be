import { describe, expect, test } from 'vitest';
import type { Told } from '../../src/domain/trail-sentence.ts';
import { sentenceOf } from '../../src/domain/trail-sentence.ts';

const NOON = Date.UTC(2026, 10, 21, 12, 0);
const MINUTE_MS = 60_000;
const posted = {
  kind: 'posted',
  job: 'm/inline',
  attempt: 0,
  delivered: 0,
  gone: 0,
  throttled: 0,
  failed: 0,
} as const;
const received = { kind: 'received', from: 'shop', channel: 'user:alice', priority: 'normal' } as const;
const device = { kind: 'device', deviceId: 'd', platform: 'fcm', attempt: 0 } as const;

const tell = (told: Told, user: string | undefined = 'alice'): string =>
  sentenceOf(told, { user, at: NOON, timeZone: 'Europe/Zurich' });

/** At least one of every kind: a kind that is missing does not compile. */
const SENTENCES: {
  readonly [Kind in Told['kind']]: readonly (readonly [Told & { kind: Kind }, string])[];
} = {
  received: [
    [{ ...received, title: 'Shipped' }, 'shop sent “Shipped” to user:alice'],
    [{ ...received, category: 'health' }, 'shop sent something private to user:alice (health)'],
    [
      { ...received, title: 'Fire', category: 'alarms', priority: 'high' },
      'shop sent “Fire” to user:alice (alarms, high priority)',
    ],
  ],
  'kept-from-screens': [
    [
      { kind: 'kept-from-screens', rule: 'screen-off' },
      'kept from screens and inbox: alice wants none of this category there',
    ],
  ],
  posted: [
    [{ ...posted, delivered: 1 }, 'posted to 1 screen of alice'],
    [{ ...posted, delivered: 2, gone: 1 }, 'posted to 2 screens of alice; 1 was gone'],
    [
      { ...posted, attempt: 1, delivered: 1, gone: 2, throttled: 2, failed: 3 },
      'posted to 1 screen of alice (try 2); 2 were gone, 2 were too busy, 3 failed',
    ],
    [{ ...posted, gone: 1 }, 'reached no screen of alice; 1 was gone'],
    [posted, 'no screen of alice was connected'],
  ],
  'posting-gave-up': [
    [
      { kind: 'posting-gave-up', job: 'm/inline', connections: 2, cause: 'throttled (2)' },
      'gave up on 2 screens of alice: throttled (2)',
    ],
  ],
  shown: [[{ kind: 'shown' }, 'a screen of alice showed it']],
  read: [[{ kind: 'read' }, 'alice read it']],
  unread: [[{ kind: 'unread' }, 'alice marked it as unread']],
  archived: [[{ kind: 'archived' }, 'alice archived it']],
  unarchived: [[{ kind: 'unarchived' }, 'alice took it back from the archive']],
  'push-planned': [
    [
      { kind: 'push-planned', dueAt: NOON + 5_000 },
      'phones are due at 13:00:05 unless a screen shows it before',
    ],
    [{ kind: 'push-planned', dueAt: NOON }, 'phones are due at once'],
  ],
  'push-decided': [
    [
      { kind: 'push-decided', decision: 'push', rule: 'allowed', devices: 1 },
      'nobody had acknowledged it: 1 phone is told',
    ],
    [
      { kind: 'push-decided', decision: 'push', rule: 'urgent', devices: 2 },
      'it is urgent: 2 phones are told',
    ],
    [
      { kind: 'push-decided', decision: 'hold', rule: 'quiet-hours', until: NOON + 30 * MINUTE_MS },
      'quiet hours until 13:30 Europe/Zurich: held',
    ],
    [
      { kind: 'push-decided', decision: 'hold', rule: 'quiet-hours', until: '2026-11-22T06:00:00.000Z' },
      'quiet hours until Sun 22 Nov, 07:00 Europe/Zurich: held',
    ],
    [
      { kind: 'push-decided', decision: 'digest', rule: 'digest', until: NOON + 60 * MINUTE_MS },
      'collected: it waits for the digest of 14:00 Europe/Zurich',
    ],
    [
      { kind: 'push-decided', decision: 'digest', rule: 'capped', until: NOON + 60 * MINUTE_MS },
      'enough pushes for now: it waits for the digest of 14:00 Europe/Zurich',
    ],
    [{ kind: 'push-decided', decision: 'drop', rule: 'seen' }, 'no phone is told: it had been seen'],
    [{ kind: 'push-decided', decision: 'drop', rule: 'push-off' }, 'no phone is told: push is switched off'],
    [
      { kind: 'push-decided', decision: 'drop', rule: 'of a later version' },
      'no phone is told: of a later version',
    ],
  ],
  device: [
    [{ ...device, outcome: 'delivered' }, 'an Android phone was told'],
    [
      { ...device, platform: 'apns', outcome: 'retried', cause: 'HTTP 503', attempt: 1 },
      'an iPhone could not be told yet, and is tried again (try 2): HTTP 503',
    ],
    [
      { ...device, platform: 'webpush', outcome: 'dead', cause: 'unsubscribed' },
      'a browser is no longer there, and was forgotten: unsubscribed',
    ],
    [
      { ...device, platform: 'apns_sandbox', outcome: 'refused', cause: 'too large' },
      'the push to an iPhone (sandbox) was refused: too large',
    ],
    [{ ...device, outcome: 'gave-up', cause: 'it expired' }, 'gave up on an Android phone: it expired'],
    [{ ...device, outcome: 'withdrawn' }, 'taken back from an Android phone'],
  ],
  expired: [[{ kind: 'expired' }, 'it expired: nobody need be told any more']],
};

describe('A sentence', () => {
  test.each(Object.values(SENTENCES).flat())('tells of %j: %s', (told, sentence) => {
    expect(tell(told as Told)).toBe(sentence);
  });

  test('names nobody where a whole channel is concerned', () => {
    const toAll = (told: Told) => sentenceOf(told, { at: NOON, timeZone: 'UTC' });
    expect(toAll({ ...posted, delivered: 500 })).toBe('posted to 500 screens');
    expect(toAll(posted)).toBe('nobody was connected');
    expect(toAll({ kind: 'posting-gave-up', job: 'j', connections: 1, cause: 'reset' })).toBe(
      'gave up on 1 screen: reset',
    );
  });
});
