import { ContainerModule } from 'inversify';
import { CronerCron } from '../../adapters/croner/croner-cron.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS } from '../tokens.ts';

/** Times by the clock on the wall. */
export const cron = new ContainerModule(options =>
  singleton(options, LOCAL_TOKENS.cron, {}, () => new CronerCron()),
);
