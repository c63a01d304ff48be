/** In the place of what plans pushes, where there are none: there is nothing to be told of them. */
export const NO_PUSH = { execute: async (): Promise<readonly never[]> => [] };

/** In the place of what plans their withdrawal. */
export const NO_WITHDRAWAL = { execute: async (): Promise<void> => {} };
