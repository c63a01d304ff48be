/** Installations are told apart by a digest, since a subscription may be longer than an index entry. */
export const devices: readonly string[] = [
  `create table device (
    id text primary key,
    user_id text not null,
    platform text not null,
    token text not null,
    installation text not null unique,
    label text,
    created_at bigint not null,
    refreshed_at bigint not null
  )`,
  'create index device_user on device (user_id, created_at, id)',
];
