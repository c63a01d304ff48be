import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Attribute } from 'aws-cdk-lib/aws-dynamodb';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { EnvironmentConfig } from '../config.ts';

export interface DataStackProps extends StackProps {
  readonly config: EnvironmentConfig;
}

/**
 * Tables without a global secondary index, which is read eventually consistent: the ports promise that what was written
 * is seen. The inbox has local ones, which are read consistently, and can only be made with their table. Names are CloudFormation's, so that two environments fit into one account.
 */
export class DataStack extends Stack {
  /** Connections, their subscriptions, and each channel's members under sharded keys. */
  readonly connections: Table;
  /** Each channel's log, by offset, and its head. */
  readonly messages: Table;
  /** Claims of idempotency keys, and the answers given to them. */
  readonly idempotency: Table;
  /** Each user's notifications, with an index for each state that they are listed by. */
  readonly inbox: Table;
  /** Who is in which channel, by which devices, under sharded keys. */
  readonly presence: Table;
  /** Token buckets. */
  readonly limits: Table;

  constructor(scope: Construct, id: string, { config, ...props }: DataStackProps) {
    super(scope, id, props);
    const key = (name: string, type: AttributeType): Attribute => ({ name, type });
    const table = (name: string, sortKey?: Attribute): Table =>
      aTable(this, name, config.data, { partitionKey: key('pk', AttributeType.STRING), sortKey });

    this.connections = table('Connections', key('sk', AttributeType.STRING));
    this.messages = table('Messages', key('sk', AttributeType.NUMBER));
    this.idempotency = table('Idempotency');
    this.inbox = table('Inbox', key('sk', AttributeType.STRING));
    this.presence = table('Presence', key('sk', AttributeType.STRING));
    this.limits = table('Limits');
    addInboxIndexes(this.inbox);

    new CfnOutput(this, 'ConnectionsTable', { value: this.connections.tableName });
    new CfnOutput(this, 'MessagesTable', { value: this.messages.tableName });
    new CfnOutput(this, 'IdempotencyTable', { value: this.idempotency.tableName });
    new CfnOutput(this, 'InboxTable', { value: this.inbox.tableName });
    new CfnOutput(this, 'PresenceTable', { value: this.presence.tableName });
    new CfnOutput(this, 'LimitsTable', { value: this.limits.tableName });
  }
}

/** Sparse: an entry is in those whose attribute it has. */
export const INBOX_INDEXES = ['listed', 'unread', 'archived'] as const;

/** Only what every screen lists is worth a second copy. */
const addInboxIndexes = (inbox: Table): void => {
  for (const name of INBOX_INDEXES) {
    const projection =
      name === 'listed'
        ? { projectionType: ProjectionType.ALL }
        : { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: ['sentAt'] };
    const sortKey = { name, type: AttributeType.NUMBER };
    inbox.addLocalSecondaryIndex({ indexName: name, sortKey, ...projection });
  }
};

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
