import { CfnOutput, CustomResource, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { MIGRATION_NAMES } from '../../src/adapters/postgres/migrate.ts';
import type { EnvironmentConfig } from '../config.ts';
import { FanfareFunction } from '../fanfare-function.ts';
import { allowReadSecret } from '../permissions.ts';
import { DATABASE_NAME, DATABASE_ROLE } from '../relational-database.ts';
import type { RelationalStack } from './relational-stack.ts';

/** A migration may have to rewrite a table. */
const TIMEOUT_SECONDS = 600;

export interface SchemaStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly relational: RelationalStack;
}

/**
 * Brings the database's schema up to date before any function of this version runs, and fails the deployment where that
 * fails. Alone in its stack, and its last resource: nothing that comes after it can fail and have CloudFormation call the
 * former version's function, which would find a schema from its future.
 */
export class SchemaStack extends Stack {
  readonly migrate: FanfareFunction;

  constructor(scope: Construct, id: string, { config, relational, ...props }: SchemaStackProps) {
    super(scope, id, props);
    const { network, database } = relational;
    const { instance, ownerSecretArn } = database;
    this.migrate = new FanfareFunction(this, 'Migrate', {
      config,
      name: 'migrate',
      description: `Fanfare ${config.stage}: Brings the schema up to date`,
      timeoutSeconds: TIMEOUT_SECONDS,
      place: network.placeOf(network.migration),
      environment: {
        FANFARE_POSTGRES_URL: `postgres://fanfare_owner@${instance.instanceEndpoint.socketAddress}/${DATABASE_NAME}`,
        FANFARE_POSTGRES_SIGN_IN: 'secret',
        FANFARE_POSTGRES_SECRET_ARN: ownerSecretArn,
        FANFARE_POSTGRES_ROLE: DATABASE_ROLE,
        // RDS signs with authorities of its own, which Node does not know and Lambda has in a file.
        NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
      },
    });
    allowReadSecret(this.migrate.role, ownerSecretArn);
    const schema = new CustomResource(this, 'Schema', {
      resourceType: 'Custom::FanfareSchema',
      serviceToken: this.migrate.lambda.functionArn,
      serviceTimeout: Duration.seconds(TIMEOUT_SECONDS),
      // Whatever changes here has it executed again: other migrations, or another database.
      properties: { Migrations: MIGRATION_NAMES, Database: instance.instanceResourceId ?? '' },
    });
    // Its rights are no part of the function's address.
    schema.node.addDependency(this.migrate);
    new CfnOutput(this, 'MigrateFunctionName', { value: this.migrate.lambda.functionName });
  }
}
