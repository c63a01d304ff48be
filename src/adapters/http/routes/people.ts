import type { HttpApp } from '../app.ts';
import type { PreferenceParts } from './preferences.ts';
import { preferenceRoutes } from './preferences.ts';
import type { ProfileParts } from './profiles.ts';
import { profileRoutes } from './profiles.ts';
import type { UserParts } from './users.ts';
import { userRoutes } from './users.ts';

/** All that is about a person. */
export const peopleRoutes = (app: HttpApp, parts: UserParts & ProfileParts & PreferenceParts): void => {
  profileRoutes(app, parts);
  preferenceRoutes(app, parts);
  userRoutes(app, parts);
};
