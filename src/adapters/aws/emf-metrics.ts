import { MetricUnit, Metrics as Powertools } from '@aws-lambda-powertools/metrics';
import type { Counters, Metrics, Timings } from '../../ports/metrics.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * CloudWatch's embedded metric format on stdout. Counts are summed until `flush`, which a handler calls at its end, so
 * that a fan-out to a thousand connections is one line and not a thousand.
 */
export class EmfMetrics implements Metrics {
  readonly #powertools: Powertools;
  readonly #counts = new Map<string, { readonly name: string; readonly labels: Labels; by: number }>();

  /** @param stage tells the deployments of one account and region apart */
  constructor({ service, stage }: { readonly service: string; readonly stage: string }) {
    const defaultDimensions = { stage };
    this.#powertools = new Powertools({ namespace: 'Fanfare', serviceName: service, defaultDimensions });
  }

  count<Name extends keyof Counters>(name: Name, labels: Counters[Name], by = 1): void {
    const key = `${name} ${Object.values(labels).join(' ')}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { name, labels, by });
    else known.by += by;
  }

  time<Name extends keyof Timings>(name: Name, labels: Timings[Name], seconds: number): void {
    this.#write(name, labels, MetricUnit.Seconds, seconds);
  }

  flush(): void {
    for (const { name, labels, by } of this.#counts.values()) this.#write(name, labels, MetricUnit.Count, by);
    this.#counts.clear();
  }

  #write(
    name: string,
    labels: Labels,
    unit: (typeof MetricUnit)[keyof typeof MetricUnit],
    value: number,
  ): void {
    const metric = this.#powertools.singleMetric();
    for (const [label, text] of Object.entries(labels)) metric.addDimension(label, text);
    metric.addMetric(name, unit, value); // written at once
  }
}
