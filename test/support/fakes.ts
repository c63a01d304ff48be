import type { IdGenerator } from '../../src/ports/id-generator.ts';
import type { LogFields, Logger } from '../../src/ports/logger.ts';
import type { Counters, Metrics, Timings } from '../../src/ports/metrics.ts';

/** `id-000001`, `id-000002`, …, and draws that are the same in every run. */
export class SequentialIds implements IdGenerator {
  readonly #prefix: string;
  #count = 0;
  #state: number;

  constructor(options: { readonly prefix?: string; readonly seed?: number } = {}) {
    this.#prefix = options.prefix ?? 'id';
    this.#state = options.seed ?? 1;
  }

  next(): string {
    return `${this.#prefix}-${String(++this.#count).padStart(6, '0')}`;
  }

  /** mulberry32, by Tommy Ettinger: 32 bits of state are plenty for a test. */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

export class SilentLogger implements Logger {
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(): void {}
}

export interface LogLine {
  readonly level: keyof Logger;
  readonly event: string;
  readonly fields: LogFields;
}

export class RecordingLogger implements Logger {
  readonly lines: LogLine[] = [];

  debug(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'debug', event, fields });
  }

  info(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', event, fields });
  }

  warn(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', event, fields });
  }

  error(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', event, fields });
  }

  /** The lines of one event, in order. */
  of(event: string): readonly LogLine[] {
    return this.lines.filter(line => line.event === event);
  }
}

export class RecordingMetrics implements Metrics {
  readonly #counts: { readonly name: string; readonly labels: object; readonly by: number }[] = [];
  readonly #times: { readonly name: string; readonly labels: object; readonly seconds: number }[] = [];

  count<Name extends keyof Counters>(name: Name, labels: Counters[Name], by = 1): void {
    this.#counts.push({ name, labels, by });
  }

  time<Name extends keyof Timings>(name: Name, labels: Timings[Name], seconds: number): void {
    this.#times.push({ name, labels, seconds });
  }

  /** The sum of what was counted under a name, of those labels that are given. */
  counted<Name extends keyof Counters>(name: Name, labels: Partial<Counters[Name]> = {}): number {
    return this.#counts
      .filter(entry => entry.name === name && carries(entry.labels, labels))
      .reduce((sum, { by }) => sum + by, 0);
  }

  /** Everything measured under a name, in seconds, in order. */
  timed<Name extends keyof Timings>(name: Name, labels: Partial<Timings[Name]> = {}): readonly number[] {
    return this.#times
      .filter(entry => entry.name === name && carries(entry.labels, labels))
      .map(({ seconds }) => seconds);
  }
}

const carries = (labels: object, wanted: object): boolean => {
  const carried = new Map<string, unknown>(Object.entries(labels));
  return Object.entries(wanted).every(([label, value]) => carried.get(label) === value);
};
