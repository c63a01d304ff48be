import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Attribute } from 'aws-cdk-lib/aws-dynamodb';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { EnvironmentConfig } from '../config.ts';

export interface DataStackProps extends StackProps {
  readonly config: EnvironmentConfig;
}

/**
 * Three tables, without a secondary index: an index is read eventually consistent, and the registry promises that what
 * was written is seen. Names are CloudFormation's, so that two environments fit into one account.
 */
export class DataStack extends Stack {
  /** Connections, their subscriptions, and each channel's members under sharded keys. */
  readonly connections: Table;
  /** Each channel's log, by offset, and its head. */
  readonly messages: Table;
  /** Claims of idempotency keys, and the answers given to them. */
  readonly idempotency: Table;

  constructor(scope: Construct, id: string, { config, ...props }: DataStackProps) {
    super(scope, id, props);
    const key = (name: string, type: AttributeType): Attribute => ({ name, type });
    const table = (name: string, sortKey?: Attribute): Table =>
      aTable(this, name, config.data, { partitionKey: key('pk', AttributeType.STRING), sortKey });

    this.connections = table('Connections', key('sk', AttributeType.STRING));
    this.messages = table('Messages', key('sk', AttributeType.NUMBER));
    this.idempotency = table('Idempotency');

    new CfnOutput(this, 'ConnectionsTable', { value: this.connections.tableName });
    new CfnOutput(this, 'MessagesTable', { value: this.messages.tableName });
    new CfnOutput(this, 'IdempotencyTable', { value: this.idempotency.tableName });
  }
}

interface Keys {
  readonly partitionKey: Attribute;
  readonly sortKey?: Attribute;
}

const aTable = (scope: Construct, name: string, config: EnvironmentConfig['data'], keys: Keys): Table => {
  const { billing } = config;
  const table = new Table(scope, name, {
    ...keys,
    timeToLiveAttribute: 'ttl',
    encryption: config.encryption === 'aws-managed' ? TableEncryption.AWS_MANAGED : TableEncryption.DEFAULT,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: config.pointInTimeRecovery },
    deletionProtection: config.deletionProtection,
    removalPolicy: config.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    ...(billing.mode === 'on-demand'
      ? { billingMode: BillingMode.PAY_PER_REQUEST }
      : {
          billingMode: BillingMode.PROVISIONED,
          readCapacity: billing.minUnits,
          writeCapacity: billing.minUnits,
        }),
  });
  if (!config.pointInTimeRecovery) {
    acknowledge(table, {
      DDB3: "Switched off in the environment's file, for data that nobody would restore.",
    });
  }
  if (billing.mode === 'provisioned') {
    const range = { minCapacity: billing.minUnits, maxCapacity: billing.maxUnits };
    const target = { targetUtilizationPercent: billing.targetUtilizationPercent };
    table.autoScaleReadCapacity(range).scaleOnUtilization(target);
    table.autoScaleWriteCapacity(range).scaleOnUtilization(target);
  }
  return table;
};
