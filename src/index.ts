/** The server as a library: the local composition, to be started from one's own process. */
export type { Config } from './composition/config.ts';
export { loadConfig } from './composition/config.ts';
export { ConfigError } from './composition/config-error.ts';
export type { LocalServer } from './composition/local-server.ts';
export { startLocalServer } from './composition/local-server.ts';
