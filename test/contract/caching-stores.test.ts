import { afterAll } from 'vitest';
import type { Caches } from '../../src/adapters/caching/caches.ts';
import { CachingDeviceStore } from '../../src/adapters/caching/caching-device-store.ts';
import { CachingPreferenceStore } from '../../src/adapters/caching/caching-preference-store.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryCaches } from '../../src/adapters/local/memory-caches.ts';
import { MemoryDeviceStore } from '../../src/adapters/local/memory-device-store.ts';
import { MemoryPreferenceStore } from '../../src/adapters/local/memory-preference-store.ts';
import { ValkeyCaches } from '../../src/adapters/valkey/valkey-caches.ts';
import { unlessRequired, whyNoContainers } from '../support/containers.ts';
import { RecordingMetrics, SequentialIds, SilentLogger } from '../support/fakes.ts';
import { aValkeyNamespace, sharedValkey } from '../support/valkey-server.ts';
import { deviceStoreContract } from './device-store.contract.ts';
import { preferenceStoreContract } from './preference-store.contract.ts';

const valkey = sharedValkey();
afterAll(() => valkey.stop());

interface Place {
  readonly name: string;
  readonly unavailable?: string | undefined;
  readonly lacks?: { readonly 'two-instances': string };
  open(clock: ManualClock): Promise<Caches>;
}

const PLACES: readonly Place[] = [
  {
    name: 'in memory',
    lacks: { 'two-instances': 'what one keeps in its memory, another learns of after a minute' },
    open: async clock => new MemoryCaches({ clock }),
  },
  {
    name: 'on Valkey',
    unavailable: unlessRequired(await whyNoContainers()),
    open: async () => {
      const [caches, namespace] = [new ValkeyCaches({ client: await valkey.client() }), aValkeyNamespace()];
      return { open: (name, parse) => caches.open(`${namespace}/${name}`, parse) };
    },
  },
];

const fixtureOf = async <Port>(place: Place, make: (ports: ReturnType<typeof portsOn>) => Port) => {
  const clock = new ManualClock();
  const ports = portsOn(clock, await place.open(clock));
  return {
    port: make(ports),
    clock,
    advance: (ms: number) => clock.advance(ms),
    twin: async () => make(ports),
  };
};

const portsOn = (clock: ManualClock, caches: Caches) => ({
  caches,
  clock,
  ids: new SequentialIds(),
  logger: new SilentLogger(),
  metrics: new RecordingMetrics(),
});

for (const place of PLACES) {
  const { name, open, ...platform } = place;

  deviceStoreContract({
    ...platform,
    name: `CachingDeviceStore ${name}`,
    open: () => {
      const inner = new MemoryDeviceStore();
      return fixtureOf(place, ports => new CachingDeviceStore({ ...ports, inner }));
    },
  });

  preferenceStoreContract({
    ...platform,
    name: `CachingPreferenceStore ${name}`,
    open: () => {
      const inner = new MemoryPreferenceStore();
      return fixtureOf(place, ports => new CachingPreferenceStore({ ...ports, inner }));
    },
  });
}
