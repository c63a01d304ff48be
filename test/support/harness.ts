import { describe, test } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';

/** What a platform may be unable to do, so that no suite ever asks which platform it runs on. */
export type Capability =
  /** Hours pass in no time. */
  | 'manual-time'
  /** An instance can be opened with the limits that a test sets. */
  | 'limits'
  /** Two instances can share one storage. */
  | 'two-instances'
  /** The harness can make a store lose what it keeps. */
  | 'loss'
  /** The harness can make the service behind the adapter fail for a while. */
  | 'trouble'
  /** What is set for a time far away comes at that time. */
  | 'far-away-times'
  /** A job that failed too often is dead-lettered with what its consumer last failed on. */
  | 'cause-of-failure';

/** One fresh instance, and what a test may do to the world around it. */
export interface Fixture<Port> {
  readonly port: Port;
  /** The instance's own, by which the suite dates all that it puts in. */
  readonly clock: Clock;
  /** Lets time pass, and all that falls due in it happen. Without `manual-time` it takes as long as it says. */
  advance(ms: number): Promise<void>;
  /** Another instance over the same storage; there with `two-instances`. It ends with the first. */
  twin?(): Promise<Port>;
  close?(): Promise<void>;
}

/** What one adapter brings to a port's suite. */
export interface Harness<Opened extends Fixture<unknown>, Limits = never> {
  /** The adapter's name, as the report shall show it. */
  readonly name: string;
  /** Each capability that the platform lacks, with the reason that a skipped test prints. */
  readonly lacks?: Partial<Readonly<Record<Capability, string>>>;
  /** Why nothing of it can run here at all, such as the want of a container engine. */
  readonly unavailable?: string;
  /** For a platform whose time is real: instances share nothing, so their tests may wait side by side. */
  readonly concurrent?: boolean;
  /** How many examples a property is tried on; 100 unless one takes long here. */
  readonly examples?: number;
  /** Makes an instance that shares nothing with any other. Limits are given only by tests that need `limits`. */
  open(limits?: Partial<Limits>): Promise<Opened>;
}

/** Opens an instance that is closed when the test ends. */
export type Open<Opened, Limits> = (limits?: Partial<Limits>) => Promise<Opened>;
type Body<Opened, Limits> = (open: Open<Opened, Limits>) => Promise<void>;

/** Declares that the port keeps one promise, told in a sentence; with what a platform must be able to do to show it. */
export type Promises<Opened, Limits> = (
  sentence: string,
  ...rest: [Body<Opened, Limits>] | [readonly Capability[], Body<Opened, Limits>]
) => void;

/** How many examples a property is tried on, as fast-check takes it. */
export interface Examples {
  readonly numRuns: number;
}

export const examplesOf = ({ examples = 100 }: { readonly examples?: number }): Examples => ({
  numRuns: examples,
});

/** The other instance over a fixture's storage, for a test that needs `two-instances`. */
export const twinOf = async <Port>({ twin }: Fixture<Port>): Promise<Port> => {
  if (twin === undefined) throw new Error('a harness that does not lack two-instances offers a twin');
  return twin();
};

/** Runs a port's suite against one adapter. */
export const contract = <Opened extends Fixture<unknown>, Limits = never>(
  port: string,
  harness: Harness<Opened, Limits>,
  declare: (promises: Promises<Opened, Limits>) => void,
): void => {
  const promises: Promises<Opened, Limits> = (sentence, ...rest) => {
    const [needs, body] = rest.length === 1 ? [[], rest[0]] : rest;
    test(sentence, async context => {
      const reason = reasonToSkip(harness, needs);
      if (reason !== undefined) context.skip(reason);
      await withClosing(harness, body);
    });
  };
  const { concurrent = false } = harness;
  describe(`${harness.name} keeps the contract of ${port}`, { concurrent }, () => declare(promises));
};

const reasonToSkip = <Opened extends Fixture<unknown>, Limits>(
  { lacks, unavailable }: Harness<Opened, Limits>,
  needs: readonly Capability[],
): string | undefined => unavailable ?? needs.map(need => lacks?.[need]).find(reason => reason !== undefined);

const withClosing = async <Opened extends Fixture<unknown>, Limits>(
  harness: Harness<Opened, Limits>,
  body: Body<Opened, Limits>,
): Promise<void> => {
  const opened: Opened[] = [];
  try {
    await body(async limits => {
      const fixture = await harness.open(limits);
      opened.push(fixture);
      return fixture;
    });
  } finally {
    for (const fixture of opened.reverse()) await fixture.close?.();
  }
};
