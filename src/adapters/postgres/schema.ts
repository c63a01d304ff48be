import type { ColumnType, Generated } from 'kysely';

/** Written as text; `json`, not `jsonb`, so that it is kept as it was written. */
type Json<Value> = ColumnType<Value, string, string>;

/** Times are ms since 1970, by the clock of who writes. */
export interface Tables {
  /** The place of each channel's log, which outlives its messages. */
  channel_log: {
    channel: string;
    epoch: string;
    head: number;
  };
  message: {
    channel: string;
    position: number;
    epoch: string;
    id: string;
    sent_at: number;
    sender: string;
    content: Json<unknown>;
    /** Until when it is kept by age. */
    expires_at: number;
  };
  idempotency_key: {
    key: string;
    fingerprint: string;
    seed: string;
    lease_ends_at: number;
    expires_at: number;
    /** `{"of": …}`; null until it is completed. */
    answer: ColumnType<{ readonly of: unknown } | null, string | null, string | null>;
  };
  inbox_entry: {
    user_id: string;
    message_id: string;
    position: number;
    sent_at: number;
    notification: Json<unknown>;
    read: Generated<boolean>;
    archived: Generated<boolean>;
    shown_at: number | null;
  };
  schedule: {
    id: string;
    owner: string;
    owner_is_admin: boolean;
    timing: Json<unknown>;
    missed_runs: string;
    request: Json<unknown>;
    state: string;
    /** Null unless active. */
    next_run_at: number | null;
    created_at: number;
  };
  person: {
    id: string;
    time_zone: string | null;
    locale: string | null;
    name: string | null;
    created_at: number;
    updated_at: number;
  };
  preference: {
    user_id: string;
    preferences: Json<unknown>;
    version: number;
  };
  device: {
    id: string;
    user_id: string;
    platform: string;
    token: string;
    installation: string;
    label: string | null;
    created_at: number;
    refreshed_at: number;
  };
  trail_entry: {
    notification_id: string;
    /** '' for what concerns a whole channel. */
    user_id: string;
    /** Of the entry among those of its notification and user. */
    key: string;
    at: number;
    position: Generated<number>;
    kind: string;
    event: Json<unknown>;
  };
  push_task: {
    id: string;
    user_id: string;
    /** Of a task that was given out, the end of its lease. */
    due_at: number;
    claims: number;
    task: Json<unknown>;
  };
  push_dead_letter: {
    place: Generated<number>;
    user_id: string;
    task: Json<unknown>;
    cause: string;
    failed_at: number;
  };
  lock_screen: {
    user_id: string;
    device_id: string;
    collapse_id: string;
    messages: Json<unknown>;
    unread: string[];
    sent_at: number;
  };
  push_cap: {
    user_id: string;
    category: string;
    message_id: string;
    taken_at: number;
  };
  /** What each migration was when it was executed. */
  migration_checksum: {
    name: string;
    sha256: string;
    /** ISO 8601 */
    executed_at: string;
  };
}
