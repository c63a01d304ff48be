import { html, type TemplateResult } from 'lit';

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });

/** @param at ms since 1970, or ISO 8601 */
export const timeOf = (at: number | string): TemplateResult => {
  const date = new Date(at);
  return html`<time datetime=${date.toISOString()}>${clock.format(date)}</time>`;
};

export const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

export const milliseconds = (ms: number): string =>
  ms < 1_000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1_000).toFixed(1)} s`;
