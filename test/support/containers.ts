import { getContainerRuntimeClient } from 'testcontainers';
import { causeOf } from '../../src/domain/errors.ts';

/** With `REQUIRE_CONTAINERS=1`, as in CI, what needs a container fails where it would have been skipped. */
const required = process.env.REQUIRE_CONTAINERS === '1';

/**
 * Testcontainers' reaper is one more image, which removes what a killed run leaves behind. It is off unless asked for,
 * since whoever starts a container here stops it in their teardown.
 */
process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';

/**
 * Why no container can run here, as a skipped test shall say it; undefined where one can.
 *
 * @throws Error instead, where containers are required
 */
export const whyNoContainers = async (): Promise<string | undefined> => {
  try {
    await getContainerRuntimeClient();
    return undefined;
  } catch (error) {
    if (required)
      throw new Error('REQUIRE_CONTAINERS=1, but no container engine was found', { cause: error });
    return `no container engine was found (${causeOf(error)})`;
  }
};
