import type { StartedTestContainer } from 'testcontainers';
import { getContainerRuntimeClient } from 'testcontainers';

/** An engine that has no time for it answers "unable to freeze", and can in a while. */
const TRIES = 10;
const WAIT_MS = 1_000;

/**
 * Lets everything in a container stand still, with its connections open, as when its host does.
 *
 * @returns what lets it go on
 */
export const stillContainer = async (container: StartedTestContainer): Promise<() => Promise<unknown>> => {
  const engine = (await getContainerRuntimeClient()).container.getById(container.getId());
  for (let tried = 1; ; tried++) {
    try {
      await engine.pause();
      return () => engine.unpause();
    } catch (error) {
      if (tried === TRIES) throw error;
      await new Promise(resolve => setTimeout(resolve, WAIT_MS));
    }
  }
};
