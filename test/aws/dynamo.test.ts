import { afterAll, describe, expect, test } from 'vitest';
import { DynamoMessageStore } from '../../src/adapters/aws/dynamo/dynamo-message-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { aChannel, aDraft } from '../support/builders.ts';
import {
  aNamespace,
  dynamoClient,
  localStack,
  ManualTimeRealWaits,
  whyNoLocalStack,
} from '../support/localstack.ts';
import { counting, withFault } from '../support/localstack-faults.ts';

const run = async (PER: number, parallel: boolean, appenders = 20) => {
  const counts = new Map<string, number>();
  const clock = new ManualTimeRealWaits();
  const namespace = aNamespace();
  const options = { clock, ids: new RandomIds(), namespace, table: localStack().output('MessagesTable') };
  const stores = Array.from(
    { length: appenders },
    () => new DynamoMessageStore({ ...options, client: withFault(dynamoClient(), counting(counts)) }),
  );
  const t0 = performance.now();
  const lat: number[] = [];
  const all = await Promise.all(
    stores.map(async store => {
      const out = [];
      const one = async () => {
        const s = performance.now();
        const a = await store.append(aDraft({ sentAt: clock.now() }));
        lat.push(performance.now() - s);
        return a;
      };
      if (parallel) out.push(...(await Promise.all(Array.from({ length: PER }, one))));
      else for (let i = 0; i < PER; i++) out.push(await one());
      return out;
    }),
  );
  const s = (performance.now() - t0) / 1000;
  const n = all.flat().length;
  const offs = all
    .flat()
    .map(a => a.position.offset)
    .sort((a, b) => a - b);
  expect(offs).toEqual(offs.map((_, i) => i + 1));
  lat.sort((a, b) => a - b);
  console.log({ appenders, PER, parallel, perS: n / s, p50: lat[lat.length >> 1], max: lat.at(-1), counts });
};
test('perf', { timeout: 300000 }, async () => {
  await run(15, false);
  await run(15, false);
  await run(15, false, 4);
  await run(1, false, 20);
  await run(1, false, 20);
  await run(50, true, 20);
});
