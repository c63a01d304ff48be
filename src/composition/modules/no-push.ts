import { ContainerModule } from 'inversify';
import { NO_PUSH, NO_WITHDRAWAL } from '../../domain/use-cases/no-push.ts';
import { singleton } from '../injection.ts';
import { TOKENS } from '../tokens.ts';

/** Screens alone. */
export const noPush = new ContainerModule(options => {
  singleton(options, TOKENS.planPush, {}, () => NO_PUSH);
  singleton(options, TOKENS.planWithdrawal, {}, () => NO_WITHDRAWAL);
});
