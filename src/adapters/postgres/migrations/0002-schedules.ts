export const schedules: readonly string[] = [
  `create table schedule (
    id text collate "C" primary key,
    owner text not null,
    owner_is_admin boolean not null,
    timing json not null,
    missed_runs text not null,
    request json not null,
    state text not null,
    next_run_at bigint,
    created_at bigint not null
  )`,
  "create index schedule_due on schedule (next_run_at) where state = 'active'",
  'create index schedule_owner on schedule (owner, id)',
];
