/** The server as a library: the local composition, to be started from one's own process. */
export type { Config } from './composition/config.ts';
export { ConfigError, loadConfig } from './composition/config.ts';
export type { LocalServer } from './composition/local-server.ts';
export { startLocalServer } from './composition/local-server.ts';
