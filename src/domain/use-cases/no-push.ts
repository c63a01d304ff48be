/** In the place of what plans pushes and their withdrawal, where there are none. */
export const NO_PUSH = { execute: async (): Promise<void> => {} };
