import type { Platform } from '../domain/device.ts';
import type { PushOutcome } from '../domain/push.ts';

/** Everything that is counted, with its labels. A name ends in its unit, as Prometheus asks. */
export interface Counters {
  notifications_accepted_total: { readonly outcome: 'new' | 'replayed' };
  messages_appended_total: { readonly outcome: 'new' | 'duplicate' };
  connections_total: { readonly outcome: 'accepted' | 'refused' };
  connections_closed_total: { readonly reason: string };
  connections_pruned_total: Record<string, never>;
  deliveries_total: { readonly outcome: 'delivered' | 'gone' | 'throttled' | 'failed' };
  deliveries_requeued_total: Record<string, never>;
  deliveries_dead_lettered_total: Record<string, never>;
  fan_outs_total: { readonly mode: 'inline' | 'queued' | 'empty' };
  frames_limited_total: Record<string, never>;
  frames_total: { readonly action: string };
  schedule_runs_total: { readonly outcome: 'sent' | 'refused' | 'skipped' | 'postponed' };
  cache_lookups_total: { readonly cache: string; readonly outcome: 'hit' | 'miss' };
  pushes_decided_total: { readonly decision: string; readonly rule: string };
  pushes_total: { readonly platform: Platform; readonly outcome: PushOutcome['status'] };
  pushes_dead_lettered_total: { readonly platform: Platform };
  schedule_alarms_failed_total: Record<string, never>;
  failures_total: { readonly where: string };
}

/** Everything that is measured one by one, in seconds. */
export interface Timings {
  http_request_seconds: { readonly method: string; readonly route: string; readonly status: string };
}

/** Counts and durations, to be scraped or shipped. Cheap enough for a hot path, and never throws. */
export interface Metrics {
  count<Name extends keyof Counters>(name: Name, labels: Counters[Name], by?: number): void;

  /** @param seconds what was measured */
  time<Name extends keyof Timings>(name: Name, labels: Timings[Name], seconds: number): void;
}
