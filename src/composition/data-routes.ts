import type { HttpApp } from '../adapters/http/app.ts';
import { deadPushRoutes } from '../adapters/http/routes/dead-pushes.ts';
import { deviceRoutes } from '../adapters/http/routes/devices.ts';
import { inboxMarkRoutes } from '../adapters/http/routes/inbox-marks.ts';
import { peopleRoutes } from '../adapters/http/routes/people.ts';
import { scheduleRoutes } from '../adapters/http/routes/schedules.ts';
import { trailRoutes } from '../adapters/http/routes/trail.ts';
import type { Parts } from './injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from './tokens.ts';

/** What the routes need that are there only where relational data can be kept. */
export const DATA_NEEDS = {
  mark: TOKENS.mark,
  schedule: LOCAL_TOKENS.schedule,
  manage: LOCAL_TOKENS.manageSchedules,
  devices: LOCAL_TOKENS.manageDevices,
  users: LOCAL_TOKENS.manageUsers,
  preferences: LOCAL_TOKENS.managePreferences,
  erase: LOCAL_TOKENS.eraseUser,
  exporting: LOCAL_TOKENS.exportUser,
  explain: LOCAL_TOKENS.explain,
  redrivePushes: PUSH_TOKENS.redrivePushes,
} as const;

export const dataRoutes = (app: HttpApp, parts: Parts<typeof DATA_NEEDS>): void => {
  scheduleRoutes(app, parts);
  peopleRoutes(app, parts);
  trailRoutes(app, parts);
  deviceRoutes(app, parts);
  deadPushRoutes(app, parts);
  inboxMarkRoutes(app, parts);
};
