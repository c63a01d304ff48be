/** Until everything that can happen has, without a timer or another process. */
export const settled = () => new Promise(resolve => setImmediate(resolve));
