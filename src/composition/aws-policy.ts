import type { DeliveryPolicy } from '../domain/delivery-policy.ts';
import { DEFAULT_DELIVERY_POLICY } from '../domain/delivery-policy.ts';

/** API Gateway closes a WebSocket connection after 2 hours. */
export const LONGEST_LIFE_MS = 2 * 60 * 60_000;

/**
 * On AWS a post is a call of its own, so a fan-out that delivers inline takes up to 500, some 100 at a time; and a
 * connection that is gone may be one that is only opening (ADR 0006).
 */
export const AWS_DELIVERY_POLICY: DeliveryPolicy = {
  ...DEFAULT_DELIVERY_POLICY,
  pageSize: 500,
  // Some 300 KB, of the 1 MB that a query answers with.
  readMembers: 5_000,
  inlineMembers: 500,
  openingGraceMs: 3_000,
};
