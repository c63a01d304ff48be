import type { ContainerModule } from 'inversify';
import { RandomIds } from '../adapters/system/random-ids.ts';
import type { Logger } from '../ports/logger.ts';
import type { Config } from './config.ts';
import { memoryCaching } from './modules/memory-caching.ts';

/** Where limits and cached values are kept. */
export interface Caching {
  readonly module: ContainerModule;
  close(): void;
}

/** What a start waits for Valkey, which it can do without. */
const READY_WITHIN_MS = 500;

/** What the configuration asks for; loaded when it does. */
export const openCaching = async ({ valkeyUrl: url }: Config, logger: Logger): Promise<Caching> => {
  if (url === undefined) return { module: memoryCaching, close: () => undefined };
  const { openValkey, whenReady } = await import('../adapters/valkey/open-valkey.ts');
  const { valkeyCaching } = await import('./modules/valkey-caching.ts');
  const client = openValkey({ url, ids: new RandomIds(), logger });
  await whenReady(client, READY_WITHIN_MS);
  return { module: valkeyCaching(client), close: () => client.disconnect() };
};
