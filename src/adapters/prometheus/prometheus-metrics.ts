import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Counters, Metrics, Timings } from '../../ports/metrics.ts';

const PREFIX = 'fanfare_';

/** Every counter's help text and label names; a counter that is not here does not compile. */
const COUNTERS: { readonly [Name in keyof Counters]: readonly [help: string, ...labels: string[]] } = {
  notifications_accepted_total: ['Notifications accepted over HTTP', 'outcome'],
  messages_appended_total: ['Messages appended to a channel', 'outcome'],
  connections_total: ['Connections asked for', 'outcome'],
  connections_closed_total: ['Sockets closed', 'reason'],
  connections_pruned_total: ['Connections found gone and removed'],
  deliveries_total: ['Posts of one message to one connection', 'outcome'],
  deliveries_requeued_total: ['Connections handed on to a later job'],
  deliveries_dead_lettered_total: ['Connections given up on for one message'],
  fan_outs_total: ['Messages fanned out', 'mode'],
  frames_limited_total: ['Frames refused as too many'],
  schedule_runs_total: ['Runs of schedules', 'outcome'],
  schedule_alarms_failed_total: ['Alarms of schedules that could not be set'],
  frames_total: ['Frames received from clients', 'action'],
  cache_lookups_total: ['Lookups of what may be cached', 'cache', 'outcome'],
  pushes_decided_total: ['Decisions whether phones are told', 'decision', 'rule'],
  pushes_total: ['Pushes handed to the services of devices', 'platform', 'outcome'],
  pushes_dead_lettered_total: ['Pushes given up', 'platform'],
  failures_total: ['Unexpected failures', 'where'],
};

/** 1 ms to 10 s; source: the latencies that an HTTP caller can tell apart. */
const SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export class PrometheusMetrics implements Metrics {
  readonly #registry = new Registry();
  readonly #counters = new Map<keyof Counters, Counter>();
  readonly #timings = new Map<keyof Timings, Histogram>();

  constructor(options: { readonly process: boolean }) {
    const registers = [this.#registry];
    for (const [name, [help, ...labelNames]] of Object.entries(COUNTERS)) {
      this.#counters.set(
        name as keyof Counters,
        new Counter({ name: PREFIX + name, help, labelNames, registers }),
      );
    }
    this.#timings.set(
      'http_request_seconds',
      new Histogram({
        name: `${PREFIX}http_request_seconds`,
        help: 'Time to answer an HTTP request',
        labelNames: ['method', 'route', 'status'],
        buckets: SECONDS_BUCKETS,
        registers,
      }),
    );
    if (options.process) collectDefaultMetrics({ register: this.#registry, prefix: PREFIX });
  }

  count<Name extends keyof Counters>(name: Name, labels: Counters[Name], by = 1): void {
    this.#counters.get(name)?.inc(labels as Record<string, string>, by);
  }

  time<Name extends keyof Timings>(name: Name, labels: Timings[Name], seconds: number): void {
    this.#timings.get(name)?.observe(labels, seconds);
  }

  /** Reads a value whenever the metrics are scraped. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: PREFIX + name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** The text exposition format, version 0.0.4. */
  async expose(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }
}
