/** Offsets are positions here, since `offset` is a word of SQL. */
export const logsAndInboxes: readonly string[] = [
  `create table channel_log (
    channel text primary key,
    epoch text not null,
    head bigint not null
  )`,
  `create table message (
    channel text not null,
    position bigint not null,
    epoch text not null,
    id text not null,
    sent_at bigint not null,
    sender text not null,
    content json not null,
    expires_at bigint not null,
    primary key (channel, position),
    unique (channel, id)
  )`,
  'create index message_expiry on message (expires_at)',
  `create table idempotency_key (
    key text primary key,
    fingerprint text not null,
    seed text not null,
    lease_ends_at bigint not null,
    expires_at bigint not null,
    answer json
  )`,
  'create index idempotency_key_expiry on idempotency_key (expires_at)',
  `create table inbox_entry (
    user_id text not null,
    message_id text not null,
    position bigint not null,
    sent_at bigint not null,
    notification json not null,
    read boolean not null default false,
    archived boolean not null default false,
    shown_at bigint,
    primary key (user_id, message_id)
  )`,
  'create index inbox_entry_order on inbox_entry (user_id, position desc)',
  'create index inbox_entry_unread on inbox_entry (user_id) where not read',
  'create index inbox_entry_age on inbox_entry (sent_at)',
];
