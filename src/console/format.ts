import { html, type TemplateResult } from 'lit';

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });

/** @param at ms since 1970, or ISO 8601 */
export const timeOf = (at: number | string): TemplateResult => {
  const date = new Date(at);
  return html`<time datetime=${date.toISOString()}>${clock.format(date)}</time>`;
};

const calendar = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short',
  hourCycle: 'h23',
});

/** A day and a time, by the clocks of who looks. */
export const momentOf = (iso: string): TemplateResult =>
  html`<time datetime=${iso}>${calendar.format(new Date(iso))}</time>`;

export const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

export const milliseconds = (ms: number): string =>
  ms < 1_000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1_000).toFixed(1)} s`;

/** 12,345; 1.2 */
export const number = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });

/** How long ago: 5 s, 3 min, 2 h, 4 d. */
export const ago = (iso: string, now: number): string => {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1_000);
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
};
