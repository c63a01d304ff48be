import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import type { AwsPlatform } from './aws-platforms.ts';
import type { Fixture } from './harness.ts';
import { ManualTimeRealWaits } from './localstack.ts';

export type DynamoShare = ReturnType<typeof dynamoShare>;

/** What an adapter over a table is made with, to have a share of the table that nobody else has. */
export const dynamoShare = (platform: AwsPlatform, output: `${string}Table`) => ({
  client: platform.dynamo(),
  clock: new ManualTimeRealWaits(),
  ids: new RandomIds(),
  namespace: platform.namespace(),
  table: platform.output(output),
});

/** One adapter over a share of a table; its twin is made in the same way. */
export const dynamoFixture = <Port>(share: DynamoShare, make: (share: DynamoShare) => Port) => {
  const { client, clock } = share;
  return {
    port: make(share),
    clock,
    advance: ms => clock.advance(ms),
    twin: async () => make(share),
    close: async () => client.destroy(),
  } satisfies Fixture<Port>;
};
