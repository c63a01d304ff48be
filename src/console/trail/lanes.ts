import type { Told } from '../../domain/trail-sentence.ts';

/** Where something happened: within the service, on screens, or on phones and browsers that are pushed to. */
export const LANES = ['service', 'screens', 'phones'] as const;
type Lane = (typeof LANES)[number];

/** How it went: well, badly, or neither. */
type Mood = 'good' | 'bad' | 'plain' | 'waiting';

/** How an entry is drawn. */
interface Mark {
  readonly lane: Lane;
  readonly mood: Mood;
}

export const markOf = (told: Told): Mark => {
  switch (told.kind) {
    case 'received':
      return { lane: 'service', mood: 'good' };
    case 'posted':
      return { lane: 'screens', mood: moodOfPosting(told) };
    case 'posting-gave-up':
      return { lane: 'screens', mood: 'bad' };
    case 'shown':
    case 'read':
    case 'archived':
      return { lane: 'screens', mood: 'good' };
    case 'unread':
    case 'unarchived':
      return { lane: 'screens', mood: 'plain' };
    case 'push-decided':
      return { lane: 'service', mood: MOOD_OF_DECISION[told.decision] };
    case 'push-planned':
      return { lane: 'service', mood: 'waiting' };
    case 'device':
      return { lane: 'phones', mood: MOOD_OF_OUTCOME[told.outcome] };
    case 'kept-from-screens':
    case 'expired':
      return { lane: 'service', mood: 'plain' };
  }
};

const MOOD_OF_DECISION = { push: 'good', hold: 'waiting', digest: 'waiting', drop: 'plain' } as const;

const MOOD_OF_OUTCOME = {
  delivered: 'good',
  withdrawn: 'plain',
  retried: 'waiting',
  dead: 'bad',
  refused: 'bad',
  'gave-up': 'bad',
} as const;

const moodOfPosting = ({ delivered, throttled, failed }: Extract<Told, { kind: 'posted' }>): Mood => {
  if (throttled + failed > 0) return delivered > 0 ? 'waiting' : 'bad';
  return delivered > 0 ? 'good' : 'plain';
};
