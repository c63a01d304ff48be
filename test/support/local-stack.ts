import { loadConfig } from '../../src/composition/config.ts';
import { startLocalServer } from '../../src/composition/local-server.ts';
import { aStackOn, SECRET } from './stack.ts';

/** The local composition as users start it, on a port of the system's choice. */
export const aLocalStack = async (env: Readonly<Record<string, string>> = {}) => {
  const config = loadConfig({
    FANFARE_SECRET: SECRET,
    FANFARE_PORT: '0',
    FANFARE_LOG_LEVEL: 'silent',
    ...env,
  });
  return aStackOn(await startLocalServer(config, '/nowhere'));
};

export type LocalStack = Awaited<ReturnType<typeof aLocalStack>>;
export type { TokenOptions } from './stack.ts';
