export const people: readonly string[] = [
  `create table person (
    id text collate "C" primary key,
    time_zone text,
    locale text,
    name text,
    created_at bigint not null,
    updated_at bigint not null
  )`,
  `create table preference (
    user_id text primary key,
    preferences json not null,
    version bigint not null
  )`,
];
