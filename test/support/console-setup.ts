import { buildConsole } from '../../scripts/build-console.ts';

/** Vitest's global set-up: the page that the server shows is that of the present sources. */
export default (): Promise<void> => buildConsole({ ifStale: true });
