import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { EnvironmentConfig } from './config.ts';
import { allowReadSecret } from './permissions.ts';

/**
 * Signs the links by which people turn pushes off: those that `push` puts into what it sends, and `http` reads. Another than
 * the one for tokens, which an environment with an identity provider has not.
 */
export class LinkSecret extends Construct {
  readonly #secretArn: string;

  constructor(scope: Construct, id: string, { stage, data }: EnvironmentConfig) {
    super(scope, id);
    const secret = new Secret(this, 'Secret', {
      description: `Signs links of Fanfare ${stage} that unsubscribe`,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      // What browsers show by now has such links.
      removalPolicy: data.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(secret, { SMG4: 'A rotation ends every link of the last 90 days, so it is done by hand.' });
    this.#secretArn = secret.secretArn;
    new CfnOutput(scope, 'LinkSecretArn', { value: secret.secretArn });
  }

  /** What a function is told that signs links or reads them. */
  get environment() {
    return { FANFARE_LINK_SECRET_ARN: this.#secretArn };
  }

  allow(role: Role): void {
    allowReadSecret(role, this.#secretArn);
  }
}
