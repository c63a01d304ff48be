import { z } from 'zod';
import type { CategoriesInput } from '../src/composition/categories.ts';
import { categories as configured } from '../src/composition/categories.ts';

/** The categories of notifications, as docs/configuration.md explains them, checked as the functions will. */
export const categories = z
  .custom<CategoriesInput>(input => typeof input === 'object' && input !== null && !Array.isArray(input), {
    error: 'categories by their names',
  })
  .superRefine((input, context) => {
    for (const { path, message } of configured.safeParse(JSON.stringify(input)).error?.issues ?? [])
      context.addIssue({ code: 'custom', path: [...path], message: message.replace(/^expected /, '') });
  });
