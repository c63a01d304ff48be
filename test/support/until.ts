/** Waits for what other processes or sockets bring about; fails when it takes longer than `withinMs`. */
export const until = async (holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(`waited ${withinMs} ms in vain for: ${holds.toString()}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
};
