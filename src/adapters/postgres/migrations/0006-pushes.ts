export const pushes: readonly string[] = [
  `create table push_task (
    id text primary key,
    user_id text not null,
    due_at bigint not null,
    claims integer not null,
    task json not null
  )`,
  'create index push_task_due on push_task (due_at)',
  'create index push_task_user on push_task (user_id)',
  `create table push_dead_letter (
    place bigint generated always as identity primary key,
    user_id text not null,
    task json not null,
    cause text not null,
    failed_at bigint not null
  )`,
  'create index push_dead_letter_user on push_dead_letter (user_id)',
  `create table lock_screen (
    user_id text not null,
    device_id text not null,
    collapse_id text not null,
    messages json not null,
    unread text[] not null,
    sent_at bigint not null,
    primary key (user_id, device_id, collapse_id)
  )`,
  'create index lock_screen_age on lock_screen (sent_at)',
  `create table push_cap (
    user_id text not null,
    category text not null,
    message_id text not null,
    taken_at bigint not null,
    primary key (user_id, category, message_id)
  )`,
  'create index push_cap_window on push_cap (user_id, category, taken_at)',
  'create index push_cap_age on push_cap (taken_at)',
];
