import type { RetryPolicy } from './retry.ts';

/** The numbers that fan-out and delivery go by. */
export interface DeliveryPolicy {
  /** Connections in one job. */
  readonly pageSize: number;
  /** Members that are read at once, to be split into jobs. */
  readonly readMembers: number;
  /** Jobs that are handed to the queue at once, and how many such hands are under way while members are read on. */
  readonly handedJobs: number;
  readonly handsUnderWay: number;
  /** A channel of up to so many members is delivered where it is planned, in one hop. */
  readonly inlineMembers: number;
  /** Between two posts of the same job. */
  readonly retry: RetryPolicy;
  /** How long one run of a job may go on retrying before it hands the rest back to the queue. */
  readonly retryBudgetMs: number;
  /** Between two jobs for the same rest. The longest delay that SQS knows is 15 minutes. */
  readonly requeue: RetryPolicy;
  /** Jobs for the same rest before it is dead-lettered. */
  readonly maxAttempts: number;
  /**
   * API Gateway answers 410 for a connection whose handshake it has not finished. One younger than this is retried,
   * not pruned. 0 where the gateway itself can tell the two apart.
   */
  readonly openingGraceMs: number;
}

export const DEFAULT_DELIVERY_POLICY: DeliveryPolicy = {
  pageSize: 1_000,
  readMembers: 10_000,
  handedJobs: 10,
  handsUnderWay: 4,
  inlineMembers: 1_000,
  retry: { baseDelayMs: 50, maxDelayMs: 1_000 },
  retryBudgetMs: 5_000,
  requeue: { baseDelayMs: 2_000, maxDelayMs: 60_000 },
  maxAttempts: 5,
  openingGraceMs: 0,
};
