import { html, nothing, type TemplateResult } from 'lit';
import { milliseconds } from '../format.ts';
import { trailLink } from '../trail/view.ts';

/** Notifications whose arrivals are remembered, for an arrival may come before the answer. */
const REMEMBER = 50;

/** What came of the last call, and when its notification was on which screen. */
export class Answer {
  /** When each was on which screen, in ms of the page's clock, by notification. */
  readonly #arrivals = new Map<string, Map<string, number>>();
  #shown: (() => TemplateResult) | undefined;

  /** @param sentAt ms of the page's clock */
  accept(id: string, sentAt: number): void {
    const took = milliseconds(performance.now() - sentAt);
    this.#shown = () => html`<div class="answer">
      <p><b>202 Accepted</b> in ${took} <code>${id}</code> ${trailLink(id)}</p>
      <p class="latencies">${this.#latencies(id, sentAt)}</p>
    </div>`;
  }

  fail(title: string, details: readonly string[]): void {
    this.#shown = () => html`<div class="answer failed">
      <p><b>${title}</b></p>
      ${details.map(detail => html`<p>${detail}</p>`)}
    </div>`;
  }

  /** @param at ms of the page's clock, when it was on screen */
  noteArrival(id: string, screen: string, at: number): void {
    const arrivals = this.#arrivals.get(id) ?? new Map<string, number>();
    if (!arrivals.has(screen)) arrivals.set(screen, at);
    this.#arrivals.set(id, arrivals);
    const [oldest] = this.#arrivals.keys();
    if (this.#arrivals.size > REMEMBER && oldest !== undefined) this.#arrivals.delete(oldest);
  }

  render(): TemplateResult {
    return html`<div role="status" aria-label="Answer">${this.#shown?.() ?? nothing}</div>`;
  }

  #latencies(id: string, sentAt: number) {
    const arrivals = [...(this.#arrivals.get(id) ?? [])];
    if (arrivals.length === 0) return html`<span class="hint">on no screen yet</span>`;
    return html`<span class="hint">on screen after</span>
      ${arrivals.map(([screen, at]) => html`<span class="badge">${screen} <b>${milliseconds(at - sentAt)}</b></span>`)}`;
  }
}
