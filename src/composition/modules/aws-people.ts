import { ContainerModule } from 'inversify';
import { categoriesOf } from '../../domain/category.ts';
import type { AwsConfig } from '../aws-config.ts';
import { parseCategories } from '../categories.ts';
import { singleton } from '../injection.ts';
import { TOKENS } from '../tokens.ts';

/**
 * What functions know of people that do not reach the database: the categories. Of anybody's preferences they hear
 * nothing, so on AWS it is the category alone that keeps a notification from screens.
 */
export const awsPeople = (config: AwsConfig): ContainerModule => {
  const configured = parseCategories(config.categories);
  return new ContainerModule(options => {
    singleton(options, TOKENS.categories, {}, () => categoriesOf(configured));
    singleton(options, TOKENS.preferences, {}, () => ({ find: () => Promise.resolve(undefined) }));
  });
};
