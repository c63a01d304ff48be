import { afterEach, describe, expect, test, vi } from 'vitest';
import { EmfMetrics } from '../../src/adapters/aws/emf-metrics.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** The lines that CloudWatch would read. */
const linesOf = (use: (metrics: EmfMetrics) => void): Record<string, unknown>[] => {
  vi.stubEnv('POWERTOOLS_DEV', 'true'); // to the console that a test can listen to
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  use(new EmfMetrics({ service: 'fan-out', stage: 'production' }));
  return log.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
};

describe('EmfMetrics', () => {
  test('says of every value which stage and which function it is about', () => {
    const lines = linesOf(metrics => {
      metrics.count('deliveries_total', { outcome: 'gone' });
      metrics.time('http_request_seconds', { method: 'GET', route: '/health', status: '200' }, 0.5);
      metrics.flush();
    });
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatchObject({ stage: 'production', service: 'fan-out' });
      expect(line._aws).toMatchObject({
        CloudWatchMetrics: [
          { Namespace: 'Fanfare', Dimensions: [expect.arrayContaining(['stage', 'service'])] },
        ],
      });
    }
  });

  test('sums up what is counted until it is flushed', () => {
    const lines = linesOf(metrics => {
      metrics.count('deliveries_total', { outcome: 'gone' });
      metrics.count('deliveries_total', { outcome: 'delivered' }, 3);
      metrics.count('deliveries_total', { outcome: 'gone' }, 2);
      expect(console.log).not.toHaveBeenCalled();
      metrics.flush();
      metrics.flush();
    });
    expect(lines.map(line => [line.outcome, line.deliveries_total])).toEqual([
      ['gone', 3],
      ['delivered', 3],
    ]);
  });
});
