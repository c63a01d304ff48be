import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { acknowledge } from './acknowledge.ts';

// What a function may do, action by action. The CDK's own grants are wider: a table's has Scan and streams, a topic's
// and a key's end in a wildcard.

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];

const WRITE = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
];

/** Where no function below has the name for it. */
export const allow = (role: IRole, actions: readonly string[], ...resources: readonly string[]): void => {
  role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
};

export const allowRead = (role: IRole, table: ITable): void => allow(role, READ, table.tableArn);

export type ItemCall =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'BatchWriteItem'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem';

/** No more than these calls, for who needs few of them. */
export const allowItems = (role: IRole, table: ITable, ...calls: readonly ItemCall[]): void =>
  allow(
    role,
    calls.map(call => `dynamodb:${call}`),
    table.tableArn,
  );

/** An index has a name of its own, which the table's does not include. */
export const allowQueryIndexes = (role: IRole, table: ITable, names: readonly string[]): void =>
  allow(role, ['dynamodb:Query'], ...names.map(name => `${table.tableArn}/index/${name}`));

/** Transactions need the permissions of what is in them, and none of their own. */
export const allowReadAndWrite = (role: IRole, table: ITable): void =>
  allow(role, [...READ, ...WRITE], table.tableArn);

/** @param key the topic's, if it has one: who publishes has SNS encrypt with it */
export const allowPublish = (role: IRole, topic: ITopic, key: IKey | undefined): void => {
  allow(role, ['sns:Publish'], topic.topicArn);
  if (key !== undefined) allow(role, ['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn);
};

export const allowSend = (role: IRole, ...queues: readonly IQueue[]): void =>
  allow(role, ['sqs:SendMessage'], ...queues.map(queue => queue.queueArn));

/** Look at what is in a queue, put it back, and take it away. */
export const allowReceive = (role: IRole, queue: IQueue): void =>
  allow(role, ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'], queue.queueArn);

export const allowReadSecret = (role: IRole, secretArn: string): void =>
  allow(role, ['secretsmanager:GetSecretValue'], secretArn);

/** Of a secret that is known by its name. Secrets Manager ends its ARN in six characters of its own. */
export const secretArn = (stack: Stack, name: string): string =>
  stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${name}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** To post to, to look up and to close a connection. */
export type ConnectionCall = 'POST' | 'GET' | 'DELETE';

/** The resources of `execute-api:ManageConnections`: each call, for every connection of one stage. */
const connectionArns = (
  stack: Stack,
  apiId: string,
  stage: string,
  calls: readonly ConnectionCall[],
): string[] =>
  calls.map(method =>
    stack.formatArn({
      service: 'execute-api',
      resource: apiId,
      resourceName: `${stage}/${method}/@connections/*`,
    }),
  );

/** What is listed, for the connections of one stage. */
export const allowManageConnections = (
  role: IRole,
  apiId: string,
  stage: string,
  calls: readonly ConnectionCall[],
): void =>
  allow(role, ['execute-api:ManageConnections'], ...connectionArns(Stack.of(role), apiId, stage, calls));

/** @param resourceId of a database (`db-…`) or of a proxy (`prx-…`): what it is signed in to by a token of IAM */
export const allowConnect = (role: IRole, stack: Stack, resourceId: string, user: string): void =>
  allow(
    role,
    ['rds-db:connect'],
    stack.formatArn({
      service: 'rds-db',
      resource: 'dbuser',
      resourceName: `${resourceId}/${user}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );

/**
 * What Lambda needs to put a function into a network. It asks for it on every resource, before there is any; the function
 * itself may do none of it.
 */
export const allowNetwork = (role: IRole): void => {
  const actions = [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ];
  allow(role, actions, '*');
  role.addToPrincipalPolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions,
      resources: ['*'],
      // Set for what a function's own code asks, and not for what Lambda does for it.
      conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    }),
  );
  acknowledge(role, {
    'IAM5[Resource::*]': 'Lambda asks for these rights on every resource, and they are denied to the code.',
  });
};
