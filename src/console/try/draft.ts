import type { Notification } from './commands.ts';

export const FIELDS = ['to', 'title', 'body', 'priority', 'category', 'data'] as const;
export type FieldName = (typeof FIELDS)[number];

export type Draft = Readonly<Record<FieldName, string>>;

export const FIRST_DRAFT: Draft = {
  to: 'user:alice',
  title: 'Your order shipped',
  body: 'Two parcels, due on Thursday before noon.',
  priority: 'normal',
  category: 'orders',
  data: '',
};

/** @returns the request, and why the data is left out where it is no JSON */
export const requestOf = (draft: Draft): { readonly request: Notification; readonly problem?: string } => {
  const { priority } = draft;
  const [title, body, category, data] = [draft.title, draft.body, draft.category, draft.data].map(text =>
    text.trim(),
  ) as [string, string, string, string];
  const request: Notification = {
    to: draft.to.split(/[\s,]+/).filter(Boolean),
    title,
    ...(body && { body }),
    ...(category && { category }),
    ...(priority === 'low' || priority === 'high' ? { priority } : {}),
  };
  if (!data) return { request };
  try {
    return { request: { ...request, data: JSON.parse(data) } };
  } catch (error) {
    return { request, problem: `This is not JSON: ${(error as Error).message}` };
  }
};

/** `to[0]` is about the field `to`. */
export const fieldOf = (path: string): FieldName | undefined => {
  const name = path.split(/[.[]/, 1)[0];
  return FIELDS.find(field => field === name);
};
