import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config.ts';
import { LinkSecret } from '../link-secret.ts';
import { Network } from '../network.ts';
import type { PushConfig } from '../push-config.ts';
import { RelationalDatabase } from '../relational-database.ts';
import { Valkey } from '../valkey.ts';

export interface RelationalStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly push: PushConfig;
}

/** A network, and in it PostgreSQL and Valkey: one stack, since each knows the security groups of the others. */
export class RelationalStack extends Stack {
  readonly network: Network;
  readonly database: RelationalDatabase;
  readonly cache: Valkey;
  /** Where browsers are pushed to. */
  readonly linkSecret: LinkSecret | undefined;

  constructor(scope: Construct, id: string, { config, push, ...props }: RelationalStackProps) {
    super(scope, id, props);
    // Where the keys of an identity provider are, and the push services of browsers.
    const internet = config.tokens.kind === 'jwks' || push.webPush !== undefined;
    this.network = new Network(this, 'Network', { config, push, internet });
    const common = { config, push, network: this.network };
    this.database = new RelationalDatabase(this, 'Database', common);
    this.cache = new Valkey(this, 'Valkey', common);
    this.linkSecret = push.webPush && new LinkSecret(this, 'LinkSecret', config);
    const output = (name: string, value: string) => new CfnOutput(this, name, { value });
    output('DatabaseInstance', this.database.instance.instanceIdentifier);
    output('DatabaseOwnerSecretArn', this.database.ownerSecretArn);
  }
}
