import { causeOf } from '../../src/domain/errors.ts';

/**
 * Testcontainers' reaper is one more image, which removes what a killed run leaves behind. It is off unless asked for,
 * since whoever starts a container here stops it in their teardown.
 */
process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';

/** Why no container can run here, as a skipped test shall say it; undefined where one can. */
export const whyNoContainers = async (): Promise<string | undefined> => {
  try {
    // Only here, since loading it takes long, and most files that import this one never ask.
    const { getContainerRuntimeClient } = await import('testcontainers');
    await getContainerRuntimeClient();
    return undefined;
  } catch (error) {
    return `no container engine was found (${causeOf(error)})`;
  }
};

/**
 * Gives the reason for skipping back, unless `REQUIRE_CONTAINERS=1`, as CI sets it: there, what is skipped has failed.
 *
 * @throws Error then, with the reason, so that the test file fails as a whole
 */
export const unlessRequired = (reason: string | undefined): string | undefined => {
  if (reason === undefined || process.env.REQUIRE_CONTAINERS !== '1') return reason;
  throw new Error(`REQUIRE_CONTAINERS=1, but ${reason}`);
};
