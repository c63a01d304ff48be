import { listed, statementsOf } from './templates.ts';

/**
 * What a role's own policy allows: the actions, without their service, on each resource, by the name that `nameOf` gives
 * it.
 */
export const accessOf = (
  template: object,
  role: string,
  nameOf: (resource: unknown) => string,
): Record<string, readonly string[]> => {
  const access: Record<string, string[]> = {};
  for (const { name: policy, statement } of statementsOf(template)) {
    if (policy !== `${role}DefaultPolicy` || statement.Effect !== 'Allow') continue;
    for (const target of listed(statement.Resource).map(nameOf)) {
      const actions = listed(statement.Action).map(action => action.replace(/^.*:/, ''));
      access[target] = [...new Set([...(access[target] ?? []), ...actions])].sort();
    }
  }
  return access;
};
