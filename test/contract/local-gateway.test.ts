import { newConnectionId } from '../../src/adapters/local/gateway/connection-ids.ts';
import { aGatewayRig } from '../support/gateway-rig.ts';
import { until } from '../support/until.ts';
import { connectionGatewayContract } from './connection-gateway.contract.ts';

connectionGatewayContract({
  name: 'LocalGateway',
  open: async () => {
    const rig = await aGatewayRig();
    return {
      port: rig.gateway,
      clock: rig.clock,
      advance: ms => rig.clock.advance(ms),
      close: rig.close,
      unknownId: newConnectionId(),
      connect: async () => {
        const client = await rig.connect();
        return {
          ...client,
          stall: () => client.socket.pause(),
          kill: async () => {
            client.socket.terminate();
            await until(() => rig.disconnects.includes(client.id));
          },
        };
      },
    };
  },
});
