import { ContainerModule } from 'inversify';
import { EmfMetrics } from '../../adapters/aws/emf-metrics.ts';
import { PinoLogger } from '../../adapters/pino/pino-logger.ts';
import { RandomIds } from '../../adapters/system/random-ids.ts';
import { SystemClock } from '../../adapters/system/system-clock.ts';
import { ChannelPolicies } from '../../domain/channel-policy.ts';
import { pushedFrame } from '../../protocol/pushed-frame.ts';
import type { AwsConfig } from '../aws-config.ts';
import { alias, singleton } from '../injection.ts';
import { AWS_TOKENS, TOKENS } from '../tokens.ts';

/** Time, randomness, logs and metrics of one function. */
export const awsSystem = (config: AwsConfig, service: string): ContainerModule =>
  new ContainerModule(options => {
    singleton(options, TOKENS.clock, {}, () => new SystemClock());
    singleton(options, TOKENS.ids, {}, () => new RandomIds());
    singleton(options, TOKENS.logger, {}, () => new PinoLogger({ level: config.logLevel }));
    const retention = { maxAgeMs: config.retentionMs };
    singleton(options, TOKENS.policies, {}, () => new ChannelPolicies(retention, config.channels));
    singleton(options, TOKENS.encoder, {}, () => pushedFrame);
    singleton(options, AWS_TOKENS.emf, {}, () => new EmfMetrics({ service, stage: config.stage }));
    alias(options, TOKENS.metrics, AWS_TOKENS.emf);
  });
