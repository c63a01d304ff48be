import { ContainerModule } from 'inversify';
import { PinoLogger } from '../../adapters/pino/pino-logger.ts';
import { PrometheusMetrics } from '../../adapters/prometheus/prometheus-metrics.ts';
import { RandomIds } from '../../adapters/system/random-ids.ts';
import { SystemClock } from '../../adapters/system/system-clock.ts';
import type { Config } from '../config.ts';
import { alias, singleton } from '../injection.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';

/** Time, randomness, and what is said to the outside. */
export const system = (config: Config): ContainerModule =>
  new ContainerModule(options => {
    singleton(options, TOKENS.clock, {}, () => new SystemClock());
    singleton(options, TOKENS.ids, {}, () => new RandomIds());
    singleton(options, TOKENS.logger, {}, () => new PinoLogger({ level: config.logLevel }));
    singleton(options, LOCAL_TOKENS.prometheus, {}, () => new PrometheusMetrics({ process: true }));
    alias(options, TOKENS.metrics, LOCAL_TOKENS.prometheus);
  });
