import { ContainerModule } from 'inversify';
import { ApiGatewayConnectionGateway } from '../../adapters/aws/management/api-gateway-connection-gateway.ts';
import { createManagementClient } from '../../adapters/aws/management/management-client.ts';
import type { AwsConfig } from '../aws-config.ts';
import { needed } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { TOKENS } from '../tokens.ts';

/** The sockets behind API Gateway. */
export const awsGateway = (config: AwsConfig): ContainerModule =>
  new ContainerModule(options => {
    singleton(options, TOKENS.gateway, { clock: TOKENS.clock }, ({ clock }) => {
      const endpoint = needed(config.managementEndpoint, 'FANFARE_MANAGEMENT_ENDPOINT');
      const concurrency = config.postConcurrency;
      return new ApiGatewayConnectionGateway({
        client: createManagementClient({ endpoint, concurrency, now: () => clock.now() }),
        concurrency,
      });
    });
  });
