import * as z from 'zod';
import type { Category } from '../domain/category.ts';
import { DEFAULT_CATEGORY } from '../domain/category.ts';
import { cap, capOf, categoryName, digest } from '../protocol/wishes.ts';
import { ConfigError, problemsOf } from './config-error.ts';

const category = z.strictObject(
  {
    pushAfterSeconds: z
      .number()
      .min(0)
      .max(900)
      .default(DEFAULT_CATEGORY.pushAfterMs / 1_000),
    screen: z.boolean().default(DEFAULT_CATEGORY.screen),
    push: z.boolean().default(DEFAULT_CATEGORY.push),
    digest: digest.optional(),
    cap: cap.transform(capOf).optional(),
    private: z.boolean().default(DEFAULT_CATEGORY.private),
  },
  { error: issue => (issue.code === 'invalid_type' ? 'expected an object of options' : undefined) },
);

const EXPECTED = 'a JSON object of categories by their names';

const json = z.string().transform((input, context): unknown => {
  try {
    return JSON.parse(input);
  } catch {
    context.addIssue({ code: 'custom', message: EXPECTED });
    return z.NEVER;
  }
});

const byName = z
  .record(categoryName, category, { error: issue => (issue.code === 'invalid_type' ? EXPECTED : undefined) })
  .refine(categories => Object.keys(categories).length <= 100, { error: 'at most 100 categories' });

/** As they are written down. */
export type CategoriesInput = z.input<typeof byName>;

/** Categories, as a JSON object in a variable. */
export const categories = json
  .pipe(byName)
  .transform(named =>
    Object.entries(named).map(
      ([name, { pushAfterSeconds, ...rest }]): Category => ({
        ...rest,
        name,
        pushAfterMs: Math.round(pushAfterSeconds * 1_000),
      }),
    ),
  )
  .optional();

const VARIABLE = 'FANFARE_CATEGORIES';

/** For a function that needs them. @throws ConfigError naming the category and its option */
export const parseCategories = (text: string | undefined): readonly Category[] => {
  const parsed = z.object({ [VARIABLE]: categories }).safeParse({ [VARIABLE]: text });
  if (parsed.success) return parsed.data[VARIABLE] ?? [];
  throw new ConfigError(problemsOf(parsed.error, '', () => JSON.stringify(text)));
};
