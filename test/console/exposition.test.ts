import { expect, test } from 'vitest';
import { PrometheusMetrics } from '../../src/adapters/prometheus/prometheus-metrics.ts';
import { parseExposition, total } from '../../src/console/live/exposition.ts';

test('What the server exposes is read as it was counted', async () => {
  const metrics = new PrometheusMetrics({ process: false });
  metrics.count('deliveries_total', { outcome: 'delivered' }, 41);
  metrics.count('deliveries_total', { outcome: 'delivered' });
  metrics.count('deliveries_total', { outcome: 'gone' }, 3);
  metrics.gauge('connections', 'Open sockets', () => 7);
  const samples = parseExposition((await metrics.expose()).body);
  expect(total(samples, 'deliveries_total')).toBe(45);
  expect(total(samples, 'deliveries_total', ({ outcome }) => outcome === 'delivered')).toBe(42);
  expect(total(samples, 'connections')).toBe(7);
  expect(total(samples, 'nothing')).toBe(0);
});
