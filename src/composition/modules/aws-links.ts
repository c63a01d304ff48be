import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ContainerModule } from 'inversify';
import { fetchSecret } from '../../adapters/aws/fetch-secret.ts';
import { SignedUnsubscribeLinks } from '../../adapters/system/signed-unsubscribe-links.ts';
import type { AwsConfig } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';

/** Links that unsubscribe, by a secret that is fetched once for each container; none where there is none. */
export const awsLinks = (config: AwsConfig): ContainerModule =>
  new ContainerModule(options =>
    singleton(options, LOCAL_TOKENS.unsubscribeLinks, { clock: TOKENS.clock }, parts => {
      const { linkSecretArn, publicUrl } = config;
      if (linkSecretArn === undefined) return new SignedUnsubscribeLinks({ ...parts, publicUrl });
      const client = new SecretsManagerClient(clientOptions(config));
      const secret = () => fetchSecret(client, linkSecretArn);
      return new SignedUnsubscribeLinks({ ...parts, secret, publicUrl });
    }),
  );
