/** `node bench/lookups/run.ts`: what a cache spares the lookups of a notification. What it measures: ../README.md. */
import { parseArgs } from 'node:util';
import type { Caches } from '../../src/adapters/caching/caches.ts';
import { CachingDeviceStore } from '../../src/adapters/caching/caching-device-store.ts';
import { CachingPreferenceStore } from '../../src/adapters/caching/caching-preference-store.ts';
import { MemoryCaches } from '../../src/adapters/local/memory-caches.ts';
import { PinoLogger } from '../../src/adapters/pino/pino-logger.ts';
import { Database } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { PostgresDeviceStore } from '../../src/adapters/postgres/postgres-device-store.ts';
import { PostgresPreferenceStore } from '../../src/adapters/postgres/postgres-preference-store.ts';
import { PrometheusMetrics } from '../../src/adapters/prometheus/prometheus-metrics.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { ValkeyCaches } from '../../src/adapters/valkey/valkey-caches.ts';
import { deviceId } from '../../src/domain/device.ts';
import { userId } from '../../src/domain/ids.ts';
import type { DeviceStore } from '../../src/ports/device-store.ts';
import type { PreferenceStore } from '../../src/ports/preference-store.ts';
import { describeMachine, pinThisProcess } from '../machine.ts';
import { spread } from '../report.ts';
import { startServers } from './servers.ts';

const { values: options } = parseArgs({ options: { repeat: { type: 'string', default: '3' } } });

const USERS = 300;
const DEVICES_EACH = 2;
const MEASURED = 5_000;
/** Notifications under way at a time: one after the other, and many. */
const AT_ONCE = [1, 32];

const userOf = (number: number) => userId(`user-${number}`);

interface Stores {
  readonly devices: DeviceStore;
  readonly preferences: PreferenceStore;
}

const storesOf = async (database: Database): Promise<Stores> => {
  await migrate(database);
  const devices = new PostgresDeviceStore({ database });
  const preferences = new PostgresPreferenceStore({ database });
  for (let user = 0; user < USERS; user++) {
    for (let device = 0; device < DEVICES_EACH; device++) {
      const id = deviceId(`${user}-${device}`);
      const token = `${id}:${'t'.repeat(140)}`;
      const made = { id, user: userOf(user), platform: 'fcm', token, createdAt: 1, refreshedAt: 1 } as const;
      await devices.register(made, DEVICES_EACH);
    }
    await preferences.save(userOf(user), {
      quietHours: { start: '22:00', end: '07:00', timeZone: 'Europe/Berlin', urgentPasses: true },
      categories: { orders: { push: true }, news: { push: false } },
    });
  }
  return { devices, preferences };
};

/** A process that has just started, with what others have left in the cache. */
const cached = (inner: Stores, caches: Caches | undefined): Stores => {
  if (caches === undefined) return inner;
  const ports = {
    caches,
    clock: new SystemClock(),
    ids: new RandomIds(),
    logger: new PinoLogger({ level: 'silent' }),
    metrics: new PrometheusMetrics({ process: false }),
  };
  return {
    devices: new CachingDeviceStore({ ...ports, inner: inner.devices }),
    preferences: new CachingPreferenceStore({ ...ports, inner: inner.preferences }),
  };
};

interface Outcome {
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** What a notification looks up: what its user wishes, and what they have. The users come in any order. Times in µs. */
const measure = async ({ devices, preferences }: Stores, atOnce: number): Promise<Outcome> => {
  const times: number[] = [];
  let asked = 0;
  const work = async (): Promise<void> => {
    while (asked < MEASURED) {
      asked += 1;
      const user = userOf(Math.floor(Math.random() * USERS));
      const start = performance.now();
      const [found, list] = await Promise.all([preferences.find(user), devices.list(user)]);
      times.push((performance.now() - start) * 1_000);
      if (found === undefined || list.length !== DEVICES_EACH) throw new Error(`${user} is not complete`);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = (performance.now() - start) / 1_000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { perSecond: times.length / seconds, p50Us: at(0.5), p99Us: at(0.99) };
};

pinThisProcess();
const { client, databases, close } = await startServers();
try {
  const places: readonly { readonly name: string; open(): Promise<Caches | undefined> }[] = [
    { name: 'no cache', open: async () => undefined },
    { name: 'in memory', open: async () => new MemoryCaches({ clock: new SystemClock() }) },
    {
      name: 'Valkey',
      open: async () => {
        const [caches, share] = [new ValkeyCaches({ client }), new RandomIds().next()];
        return { open: (name, parse) => caches.open(`${share}/${name}`, parse) };
      },
    },
  ];
  const outcomes = new Map<string, Outcome[]>();
  for (const { name, kysely } of databases) {
    const inner = await storesOf(new Database({ kysely, schema: 'lookups' }));
    await measure(inner, 32);
    for (let repetition = 0; repetition < Number(options.repeat); repetition++)
      for (const place of places)
        for (const atOnce of AT_ONCE) {
          const key = `${name} ${place.name} ${atOnce}`;
          const stores = cached(inner, await place.open());
          outcomes.set(key, [...(outcomes.get(key) ?? []), await measure(stores, atOnce)]);
        }
  }
  const columns = databases.flatMap(({ name }) => places.map(place => `${name}, ${place.name}`));
  console.log(`| | ${columns.join(' | ')} |\n|---|${columns.map(() => '--:').join('|')}|`);
  for (const atOnce of AT_ONCE)
    for (const metric of ['perSecond', 'p50Us', 'p99Us'] as const) {
      const cells = columns.map(column =>
        spread(
          (outcomes.get(`${column.replace(',', '')} ${atOnce}`) ?? [])
            .map(of => of[metric])
            .sort((a, b) => a - b),
        ),
      );
      console.log(`| ${metric}, ${atOnce} at a time | ${cells.join(' | ')} |`);
    }
  console.log(`\n${describeMachine()}`);
} finally {
  await close();
}
