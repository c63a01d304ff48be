import type { Session } from '../session.ts';
import { Refused } from '../session.ts';
import type { Sample } from './exposition.ts';
import { parseExposition, total } from './exposition.ts';

const EVERY_MS = 1_000;
/** A minute. */
const KEEP = 60;

export type SeriesId = 'connections' | 'messages' | 'delivered' | 'undelivered';

/** How each is read from the metrics; a rate is of a count that only grows. */
const SERIES: Readonly<
  Record<SeriesId, { readonly rate: boolean; readonly read: (all: Sample[]) => number }>
> = {
  connections: { rate: false, read: all => total(all, 'connections') },
  messages: { rate: true, read: all => total(all, 'messages_appended_total') },
  delivered: {
    rate: true,
    read: all => total(all, 'deliveries_total', ({ outcome }) => outcome === 'delivered'),
  },
  undelivered: {
    rate: true,
    read: all => total(all, 'deliveries_total', ({ outcome }) => outcome !== 'delivered'),
  },
};

/** The service's numbers over the last minute, while the page is looked at. */
export class Gauges {
  readonly #session: Session;
  readonly #changed: () => void;
  readonly #points = new Map<SeriesId, number[]>();
  readonly #before = new Map<SeriesId, { readonly value: number; readonly at: number }>();
  readonly #timer: ReturnType<typeof setInterval>;
  #samples: readonly Sample[] = [];
  #problem = '';

  constructor(session: Session, changed: () => void) {
    this.#session = session;
    this.#changed = changed;
    this.#timer = setInterval(() => void this.#read(), EVERY_MS);
    void this.#read();
  }

  /** Why there are no numbers; empty where there are. */
  get problem(): string {
    return this.#problem;
  }

  /** The oldest first; a rate is a second. */
  points(id: SeriesId): readonly number[] {
    return this.#points.get(id) ?? [];
  }

  /** Since the server began. */
  total(name: string, fits?: (labels: Sample['labels']) => boolean): number {
    return total(this.#samples, name, fits);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #read(): Promise<void> {
    if (document.hidden) return;
    try {
      this.#samples = parseExposition(await this.#session.metrics());
      this.#problem = '';
      for (const id of Object.keys(SERIES) as SeriesId[]) this.#note(id);
    } catch (error) {
      // Another origin's answer that there is nothing is not shown to a page.
      const absent = error instanceof Refused ? error.status === 404 : this.#isHidden(error);
      if (absent) this.stop();
      this.#problem = absent
        ? 'This deployment has no metrics page. On AWS, its dashboard in CloudWatch shows them.'
        : (error as Error).message;
    }
    this.#changed();
  }

  #isHidden(error: unknown): boolean {
    return this.#session.isElsewhere && error instanceof TypeError;
  }

  #note(id: SeriesId): void {
    const { rate, read } = SERIES[id];
    const value = read([...this.#samples]);
    const at = performance.now();
    const before = this.#before.get(id);
    this.#before.set(id, { value, at });
    if (rate && before === undefined) return;
    // A count that fell was a server that began anew.
    const point = rate && before ? (Math.max(0, value - before.value) * 1e3) / (at - before.at) : value;
    this.#points.set(id, [...this.points(id), point].slice(-KEEP));
  }
}
