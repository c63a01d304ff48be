/** The WebSocket subprotocol, and the prefix of the second one that carries a browser's token. */
export const SUBPROTOCOL = 'fanfare.v1';
export const BEARER_SUBPROTOCOL_PREFIX = 'bearer.';
