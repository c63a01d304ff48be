import { html, nothing, type TemplateResult } from 'lit';
import type { Told } from '../../domain/trail-sentence.ts';
import { sentenceOf } from '../../domain/trail-sentence.ts';
import { timeOf } from '../format.ts';
import { LANES, markOf } from './lanes.ts';

/** An entry as the API has it. */
export type Entry = Told & { readonly at: string; readonly user?: string };

/** So long a time in which nothing happened is drawn as a break. */
const PAUSE_MS = 1_000;

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A row for each entry, oldest first, and one for each pause between them. */
export const stepsOf = (entries: readonly Entry[]): TemplateResult => {
  const began = Date.parse(entries[0]?.at ?? '');
  return html`<div class="lanes" aria-hidden="true">
      ${LANES.map((lane, index) => html`<span class=${index === 0 ? 'first' : ''}>${lane}</span>`)}
    </div>
    <ol class="steps">${entries.map((entry, index) => step(entry, entries[index - 1], began))}</ol>`;
};

const step = (entry: Entry, before: Entry | undefined, began: number) => {
  const { lane: where, mood } = markOf(entry);
  const at = Date.parse(entry.at);
  const pausedMs = before === undefined ? 0 : at - Date.parse(before.at);
  return html`${pausedMs >= PAUSE_MS ? pause(pausedMs) : nothing}
    <li class="step ${mood}">
      <span class="when">${timeOf(entry.at)}<span class="after">+${span(at - began)}</span></span>
      ${LANES.map((_, index) => lane(LANES.indexOf(where), index))}
      <span class="what">${sentenceOf(entry, { user: entry.user, at: entry.at, timeZone })}</span>
    </li>`;
};

const pause = (ms: number) => html`<li class="step pause" aria-hidden="true">
  <span></span>${LANES.map(() => html`<span class="lane"></span>`)}<span class="what">${span(ms)} later</span>
</li>`;

/** The dot where it happened, and the way there from the service. */
const lane = (
  end: number,
  index: number,
) => html`<span class="lane ${index > 0 && index <= end ? 'crossed' : ''}">
  ${index === end || index === 0 ? html`<span class="dot ${index === end ? '' : 'origin'}"></span>` : nothing}
</span>`;

/** 0.2 s; 5.0 s; 12 min; 7.5 h; 2 d */
const span = (ms: number): string => {
  const seconds = ms / 1_000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  if (seconds < 6_000) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${(seconds / 3_600).toFixed(1)} h` : `${Math.round(seconds / 86_400)} d`;
};
