/** Lambda takes 4 KB of variables a function; those of fixed length need less than half of it. */
const MAX_BYTES = 2_500;

/** What is wrong with what functions are told as JSON, all of it together. */
export const tooLong = (what: string, ...told: readonly unknown[]): string | undefined => {
  const bytes = told.reduce<number>((sum, part) => sum + Buffer.byteLength(JSON.stringify(part)), 0);
  if (bytes <= MAX_BYTES) return undefined;
  return `${what} of ${MAX_BYTES} bytes as JSON, since a function's variables have 4 KB; here ${bytes}`;
};
