import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ContainerModule } from 'inversify';
import { fetchSecret } from '../../adapters/aws/fetch-secret.ts';
import { DeferredTokenVerifier } from '../../adapters/jose/deferred-token-verifier.ts';
import { JwtTokenVerifier } from '../../adapters/jose/jwt-token-verifier.ts';
import type { AwsConfig } from '../aws-config.ts';
import { needed } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';

/** Tokens, by public keys or by a secret that is fetched once for each container. */
export const awsSecurity = (config: AwsConfig): ContainerModule =>
  new ContainerModule(options => {
    singleton(options, TOKENS.verifier, { clock: TOKENS.clock }, ({ clock }) => {
      const { issuer, audience, jwksUrl } = config;
      const common = { issuer, audience, now: () => clock.now() };
      if (jwksUrl !== undefined)
        return new JwtTokenVerifier({ ...common, keys: { kind: 'jwks', url: jwksUrl } });
      const arn = needed(config.secretArn, 'FANFARE_SECRET_ARN');
      const client = new SecretsManagerClient(clientOptions(config));
      return new DeferredTokenVerifier(async () => {
        const secret = await fetchSecret(client, arn);
        return new JwtTokenVerifier({ ...common, keys: { kind: 'secret', secret } });
      });
    });
  });
