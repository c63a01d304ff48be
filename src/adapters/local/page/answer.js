// @ts-check
import { find, make } from './dom.js';

/** Notifications whose arrivals are remembered, for an arrival may come before the answer. */
const REMEMBER = 50;

/** What came of the last call, and when its notification was on which screen. */
export class Answer {
  #root = find(document, '#answer', HTMLElement);
  /** @type {Map<string, Map<string, number>>} notification id to screen to performance.now() */
  #arrivals = new Map();
  /** @type {{ id: string, sentAt: number, list: HTMLElement } | undefined} */
  #accepted;

  /**
   * @param {string} id
   * @param {number} sentAt performance.now()
   */
  accept(id, sentAt) {
    const took = performance.now() - sentAt;
    const list = make('p', { class: 'latencies' });
    this.#accepted = { id, sentAt, list };
    this.#show(
      'accepted',
      make('p', {}, make('b', {}, '202 Accepted'), ` in ${milliseconds(took)} `, make('code', {}, id)),
      list,
    );
    this.#showArrivals();
  }

  /**
   * @param {string} title
   * @param {...string} details
   */
  fail(title, ...details) {
    this.#accepted = undefined;
    this.#show(
      'failed',
      make('p', {}, make('b', {}, title)),
      ...details.map(detail => make('p', {}, detail)),
    );
  }

  /**
   * @param {string} id of the notification
   * @param {string} screen
   * @param {number} at performance.now() when it was on screen
   */
  noteArrival(id, screen, at) {
    const arrivals = this.#arrivals.get(id) ?? new Map();
    if (!arrivals.has(screen)) arrivals.set(screen, at);
    this.#arrivals.set(id, arrivals);
    const [oldest] = this.#arrivals.keys();
    if (this.#arrivals.size > REMEMBER && oldest !== undefined) this.#arrivals.delete(oldest);
    this.#showArrivals();
  }

  #showArrivals() {
    if (!this.#accepted) return;
    const { id, sentAt, list } = this.#accepted;
    const arrivals = [...(this.#arrivals.get(id) ?? [])];
    list.replaceChildren(
      make('span', { class: 'hint' }, arrivals.length === 0 ? 'on no screen yet' : 'on screen after'),
      ...arrivals.map(([screen, at]) =>
        make('span', { class: 'badge' }, `${screen} `, make('b', {}, milliseconds(at - sentAt))),
      ),
    );
  }

  /**
   * @param {'accepted' | 'failed'} outcome
   * @param {...Node} content
   */
  #show(outcome, ...content) {
    this.#root.dataset.outcome = outcome;
    this.#root.replaceChildren(...content);
    this.#root.hidden = false;
  }
}

/** @param {number} ms */
const milliseconds = ms => (ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`);
