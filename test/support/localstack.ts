import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { inject } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { unlessRequired } from './containers.ts';

/** The last open edition; later ones need a token. */
export const LOCALSTACK_IMAGE = 'localstack/localstack:4.14.0';

/** What any client of AWS's SDK needs to reach an emulator. */
export const emulated = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** Why nothing that needs LocalStack can run in this run; undefined where it can. @throws Error where it must */
export const whyNoLocalStack = (): string | undefined => {
  const localstack = inject('localstack');
  return unlessRequired('unavailable' in localstack ? localstack.unavailable : undefined);
};

/** Where this run's LocalStack is, and what its stacks put out. @throws Error when there is none, or no such output */
export const localStack = () => {
  const localstack = inject('localstack');
  if ('unavailable' in localstack) throw new Error(localstack.unavailable);
  const { endpoint, outputs } = localstack;
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`no stack puts out ${name}`);
    return value;
  };
  return { endpoint, output, config: emulated(endpoint) };
};

/** A client of its own for one file of tests, so that what one does to it does not reach the others. */
export const dynamoClient = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient(localStack().config));

/** A prefix that nobody else has, for a fresh share of a table. */
export const aNamespace = (): string => `${randomUUID()}/`;

/**
 * Hours pass in no time, while waits, such as those before another attempt over the network, take as long as they
 * say: nobody is there to let time pass meanwhile. It starts now, so that no platform's own clock finds it expired.
 */
export class ManualTimeRealWaits implements Clock {
  readonly #manual = new ManualClock(Date.now());
  readonly #system = new SystemClock();

  now(): number {
    return this.#manual.now();
  }

  after(delayMs: number, callback: () => void): () => void {
    return this.#system.after(delayMs, callback);
  }

  advance(durationMs: number): Promise<void> {
    return this.#manual.advance(durationMs);
  }
}
