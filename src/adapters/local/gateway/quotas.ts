import type { RateLimit } from '../../../ports/rate-limiter.ts';

/** What API Gateway's WebSocket APIs allow. `Infinity` lifts a quota. */
export interface GatewayQuotas {
  /** A client's message, and a payload posted to it. */
  readonly messageBytes: number;
  /** One frame of a client's message; past it the connection is closed 1009. */
  readonly frameBytes: number;
  /** Without a message in either direction, the connection is closed 1001. */
  readonly idleMs: number;
  /** The connection is closed 1001 after so long in any case. */
  readonly lifeMs: number;
  /** New connections; beyond it a handshake is answered 429. */
  readonly connects: RateLimit;
  /** Calls of the management API, all connections together; beyond it 429. */
  readonly managementCalls: RateLimit;
}

/** Source: "Amazon API Gateway quotas and important notes", WebSocket APIs, defaults per account and region. */
export const AWS_QUOTAS: GatewayQuotas = {
  messageBytes: 128 * 1_024,
  frameBytes: 32 * 1_024,
  idleMs: 10 * 60_000,
  lifeMs: 2 * 60 * 60_000,
  connects: { perSecond: 500, burst: 500 },
  managementCalls: { perSecond: 10_000, burst: 5_000 },
};

/** For those who run the local gateway as their server: only what keeps a stranger from filling the memory. */
export const NO_QUOTAS: GatewayQuotas = {
  messageBytes: 1_024 * 1_024,
  frameBytes: 1_024 * 1_024,
  idleMs: Number.POSITIVE_INFINITY,
  lifeMs: Number.POSITIVE_INFINITY,
  connects: { perSecond: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY },
  managementCalls: { perSecond: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY },
};

/** How far behind a reader may fall. */
export interface SlowReaderLimits {
  /** Unsent bytes past which pushes are refused as throttled; the client catches up by offsets. */
  readonly throttleBytes: number;
  /** Unsent bytes, answers to its own requests included, past which the connection is closed 1013. */
  readonly closeBytes: number;
  /** How long a connection may stay throttled before it is closed 1013. */
  readonly closeAfterMs: number;
}

export const DEFAULT_SLOW_READER_LIMITS: SlowReaderLimits = {
  throttleBytes: 1_024 * 1_024,
  closeBytes: 4 * 1_024 * 1_024,
  closeAfterMs: 30_000,
};
