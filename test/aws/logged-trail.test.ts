import { describe, expect, test } from 'vitest';
import { LoggedTrail } from '../../src/adapters/aws/logged-trail.ts';
import { FanfareError } from '../../src/domain/errors.ts';
import { notificationId, userId } from '../../src/domain/ids.ts';
import type { DeviceOutcome, TrailEntry, TrailEvent } from '../../src/domain/trail.ts';
import { RecordingLogger } from '../support/fakes.ts';

const entry = (event: TrailEvent): TrailEntry => ({
  notificationId: notificationId('ntf_1'),
  user: userId('alice'),
  at: 1,
  event,
});
const onDevice = (outcome: DeviceOutcome): TrailEntry =>
  entry({ kind: 'device', deviceId: 'd', platform: 'fcm', outcome, attempt: 0 });
const gaveUp = entry({ kind: 'posting-gave-up', job: 'j', connections: 2, cause: 'throttled (2)' });

describe('The trail of a function', () => {
  test('writes what went wrong for good to the log, and nothing else', async () => {
    const logger = new RecordingLogger();
    const outcomes = ['delivered', 'retried', 'dead', 'refused', 'gave-up', 'withdrawn'] as const;
    await new LoggedTrail({ logger }).append([entry({ kind: 'read' }), gaveUp, ...outcomes.map(onDevice)]);
    const about = { notificationId: 'ntf_1', user: 'alice' };
    expect(logger.lines).toEqual([
      { level: 'warn', event: 'trail.posting-gave-up', fields: { ...about, ...gaveUp.event } },
      ...['dead', 'refused', 'gave-up'].map(outcome => ({
        level: 'warn',
        event: 'trail.device',
        fields: expect.objectContaining({ ...about, outcome }),
      })),
    ]);
  });

  test('keeps every entry where it is to be kept, and fails where that fails', async () => {
    const kept: TrailEntry[] = [];
    const logger = new RecordingLogger();
    const inner = { append: async (entries: readonly TrailEntry[]) => void kept.push(...entries) };
    await new LoggedTrail({ logger, inner }).append([entry({ kind: 'read' }), gaveUp]);
    expect(kept).toHaveLength(2);
    const down = { append: () => Promise.reject(new FanfareError('unavailable', 'the queue is down')) };
    const failing = new LoggedTrail({ logger, inner: down }).append([gaveUp]);
    await expect(failing).rejects.toMatchObject({ code: 'unavailable' });
  });
});
