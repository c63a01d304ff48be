import { badInput } from './bad-input.ts';
import { client } from './client.ts';
import { inbox } from './inbox.ts';
import { limits } from './limits.ts';
import { overHttp } from './over-http.ts';
import { presence } from './presence.ts';
import { resuming } from './resuming.ts';
import { rules } from './rules.ts';
import type { Chapter } from './set.ts';
import { talking } from './talking.ts';

/** What holds wherever Fanfare runs. */
export const END_TO_END: readonly Chapter[] = [
  talking,
  resuming,
  client,
  presence,
  inbox,
  limits,
  rules,
  overHttp,
  badInput,
];
