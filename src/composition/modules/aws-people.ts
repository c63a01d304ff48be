import { ContainerModule } from 'inversify';
import { categoriesOf } from '../../domain/category.ts';
import type { AwsConfig } from '../aws-config.ts';
import { parseCategories } from '../categories.ts';
import { singleton } from '../injection.ts';
import { TOKENS } from '../tokens.ts';

/** For functions that notify. @throws ConfigError naming the category and its option */
export const awsCategories = (config: AwsConfig): ContainerModule => {
  const configured = parseCategories(config.categories);
  return new ContainerModule(options =>
    singleton(options, TOKENS.categories, {}, () => categoriesOf(configured)),
  );
};

/**
 * For who does not reach the database, and hears nothing of anybody's preferences: there, it is the category alone that
 * keeps a notification from screens.
 */
export const strangers = new ContainerModule(options =>
  singleton(options, TOKENS.preferences, {}, () => ({ find: () => Promise.resolve(undefined) })),
);
