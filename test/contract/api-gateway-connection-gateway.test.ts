import { ApiGatewayConnectionGateway } from '../../src/adapters/aws/management/api-gateway-connection-gateway.ts';
import { createManagementClient } from '../../src/adapters/aws/management/management-client.ts';
import { newConnectionId } from '../../src/adapters/local/gateway/connection-ids.ts';
import { aGatewayRig } from '../support/gateway-rig.ts';
import { until } from '../support/until.ts';
import { connectionGatewayContract } from './connection-gateway.contract.ts';

connectionGatewayContract({
  name: 'ApiGatewayConnectionGateway, against the local management API',
  open: async () => {
    const rig = await aGatewayRig();
    const client = createManagementClient({
      endpoint: `http://127.0.0.1:${rig.port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      concurrency: 10,
    });
    return {
      port: new ApiGatewayConnectionGateway({ client, concurrency: 10 }),
      clock: rig.clock,
      advance: ms => rig.clock.advance(ms),
      close: async () => {
        client.destroy();
        await rig.close();
      },
      unknownId: newConnectionId(),
      connect: async () => {
        const socket = await rig.connect();
        return {
          ...socket,
          stall: () => socket.socket.pause(),
          kill: async () => {
            socket.socket.terminate();
            await until(() => rig.disconnects.includes(socket.id));
          },
        };
      },
    };
  },
});
