/** @param ms since 1970 */
export const isoOf = (ms: number): string => new Date(ms).toISOString();
