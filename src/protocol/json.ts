import * as z from 'zod';

/** Levels of arrays and objects within one value; deeper input is refused before anything walks it recursively. */
export const MAX_JSON_DEPTH = 32;
/** Bytes of one `data` value as JSON: leaves room for the rest of a frame within API Gateway's 128 KB. */
export const MAX_DATA_BYTES = 96 * 1_024;

/** Any JSON value of bounded depth and size. */
export const jsonValue = z
  .unknown()
  .superRefine((value, context) => {
    if (isDeeperThan(value, MAX_JSON_DEPTH)) {
      context.addIssue({ code: 'custom', message: `expected at most ${MAX_JSON_DEPTH} levels of nesting` });
    } else if (exceedsBytes(value, MAX_DATA_BYTES)) {
      context.addIssue({ code: 'custom', message: `expected at most ${MAX_DATA_BYTES} bytes of JSON` });
    }
  })
  .meta({ description: 'Any JSON value', example: { orderId: 42 } });

/** Walks without recursion, so that no depth of input can overflow the stack. */
const isDeeperThan = (root: unknown, limit: number): boolean => {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    const containers = level.filter(value => typeof value === 'object' && value !== null) as object[];
    if (containers.length > 0 && depth >= limit) return true;
    level = containers.flatMap(container => Object.values(container));
  }
  return false;
};

const exceedsBytes = (value: unknown, limit: number): boolean => {
  const text = JSON.stringify(value) ?? '';
  return text.length > limit || (text.length * 3 > limit && new TextEncoder().encode(text).length > limit);
};
