import type { Count } from '../../src/cli/load/ledger.ts';
import type { ServerProcess } from '../server-process.ts';

export interface Metric {
  readonly name: string;
  /** Tells where the limit was, and is no result. */
  readonly detail?: true;
}

export interface Outcome {
  /** One for each metric of the scenario, in their order. */
  readonly values: readonly number[];
  /** Absent where nothing is published. */
  readonly count?: Count;
  /** Refused requests and broken sockets. Any makes the whole benchmark fail. */
  readonly faults: readonly string[];
}

/** Something to measure on a server that was started for it alone. */
export interface Scenario {
  readonly letter: string;
  readonly title: string;
  readonly metrics: readonly Metric[];
  run(running: ServerProcess): Promise<Outcome>;
}
