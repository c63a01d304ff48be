import { ContainerModule } from 'inversify';
import { EraseUser } from '../../domain/use-cases/erase-user.ts';
import { Explain } from '../../domain/use-cases/explain.ts';
import { ExportUser } from '../../domain/use-cases/export-user.ts';
import { ManagePreferences } from '../../domain/use-cases/manage-preferences.ts';
import { ManageUsers } from '../../domain/use-cases/manage-users.ts';
import { TurnPushOff } from '../../domain/use-cases/turn-push-off.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';

/** Who is known, what they wish, all that is kept of them, and what became of what they were sent. */
export const people = new ContainerModule(options => {
  const { clock, store, inbox } = TOKENS;
  const { schedules, devices, users, preferences, log } = LOCAL_TOKENS;
  const { tasks, lockScreens, caps } = PUSH_TOKENS;
  singleton(options, LOCAL_TOKENS.manageUsers, { users, clock }, parts => new ManageUsers(parts));
  singleton(options, LOCAL_TOKENS.managePreferences, { preferences }, parts => new ManagePreferences(parts));

  singleton(options, LOCAL_TOKENS.turnPushOff, { preferences }, parts => new TurnPushOff(parts));

  const kept = { schedules, devices, store, inbox, users, preferences, log };
  const erased = { ...kept, tasks, lockScreens, caps };
  singleton(options, LOCAL_TOKENS.eraseUser, erased, parts => new EraseUser(parts));
  singleton(options, LOCAL_TOKENS.exportUser, kept, parts => new ExportUser(parts));
  singleton(options, LOCAL_TOKENS.explain, { log }, parts => new Explain(parts));
});
