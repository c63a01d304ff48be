import type { ContainerModule } from 'inversify';
import { Container } from 'inversify';
import type { LambdaContext } from '../adapters/aws/lambda/events.ts';
import type { AwsConfig } from './aws-config.ts';
import { AWS_DELIVERY_POLICY } from './aws-policy.ts';
import { resolve } from './injection.ts';
import { awsSystem } from './modules/aws-system.ts';
import { outsideNetwork } from './modules/network-side.ts';
import { useCases } from './modules/use-cases.ts';
import { AWS_TOKENS } from './tokens.ts';

/** One function: what all of them have, and the modules that this one needs. Its bundle holds no others. */
export const composeFunction = (
  config: AwsConfig,
  service: string,
  modules: readonly ContainerModule[],
  side = outsideNetwork(config),
): Container => {
  const container = new Container();
  container.load(awsSystem(config, service), useCases(AWS_DELIVERY_POLICY), ...side, ...modules);
  return container;
};

type Handler<Answer> = (event: unknown, context: LambdaContext) => Promise<Answer>;

/** Writes what was counted at the end of every invocation, whatever its end. */
export const withMetrics = <Answer>(container: Container, handle: Handler<Answer>): Handler<Answer> => {
  const emf = resolve(container, AWS_TOKENS.emf);
  return async (event, context) => {
    try {
      return await handle(event, context);
    } finally {
      emf.flush();
    }
  };
};
