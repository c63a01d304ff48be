import { listed, statementsOf } from './templates.ts';

export const READ = ['BatchGetItem', 'GetItem', 'Query'];
export const READ_AND_WRITE = [
  ...READ,
  ...['BatchWriteItem', 'ConditionCheckItem', 'DeleteItem', 'PutItem', 'UpdateItem'],
].sort();
/** What the source of a queue's records asks of the queue. */
export const POLLS = [
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ReceiveMessage',
];
export const WRITES_LOG = ['CreateLogStream', 'PutLogEvents'];

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
