import { ContainerModule } from 'inversify';
import { ManageDevices } from '../../domain/use-cases/manage-devices.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';

/** What reaches phones that nobody is looking at. */
export const pushing = new ContainerModule(options => {
  const { clock, ids, logger } = TOKENS;
  const { devices } = LOCAL_TOKENS;
  singleton(
    options,
    LOCAL_TOKENS.manageDevices,
    { devices, clock, ids, logger },
    parts => new ManageDevices(parts),
  );
});
