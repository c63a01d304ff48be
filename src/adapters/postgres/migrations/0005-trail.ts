/** Of whole channels the user is ''. An entry's position tells which of those of one time was told first. */
export const trail: readonly string[] = [
  `create table trail_entry (
    notification_id text collate "C" not null,
    user_id text collate "C" not null,
    key text collate "C" not null,
    at bigint not null,
    position bigint generated always as identity,
    kind text not null,
    event json not null,
    primary key (notification_id, user_id, key)
  )`,
  "create index trail_entry_user on trail_entry (user_id, at, position) where user_id <> ''",
  'create index trail_entry_age on trail_entry (at)',
];
