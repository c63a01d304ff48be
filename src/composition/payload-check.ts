import * as z from 'zod';
import type { PayloadCheck } from '../domain/channel-policy.ts';
import { fieldErrors } from '../protocol/issues.ts';

/**
 * What checks messages by a JSON Schema, which is understood once.
 *
 * @throws Error when it cannot be understood
 */
export const payloadCheck = (schema: Readonly<Record<string, unknown>>): PayloadCheck => {
  const understood = z.fromJSONSchema(schema);
  return data => {
    const parsed = understood.safeParse(data);
    if (parsed.success) return undefined;
    const [first] = fieldErrors(parsed.error, '');
    return { field: within('data', first?.field ?? ''), message: first?.message ?? 'does not fit' };
  };
};

const within = (whole: string, path: string): string =>
  path === '' || path.startsWith('[') ? `${whole}${path}` : `${whole}.${path}`;
