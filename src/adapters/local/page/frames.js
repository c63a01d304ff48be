// @ts-check
import { find, make, pretty, time } from './dom.js';

/** @typedef {{ screen: string, direction: 'in' | 'out', text: string, at: number }} Entry */

const KEEP = 200;

/** The raw frames of both sockets, newest first. */
export class FrameLog {
  #list = find(document, '#frames', HTMLElement);
  #count = find(document, '#frames-count', HTMLElement);
  #pause = find(document, '#frames-pause', HTMLButtonElement);
  /** @type {Entry[]} newest first */
  #entries = [];
  /** Frames that came since the list was paused. */
  #held = 0;
  #screen = '';
  #paused = false;

  constructor() {
    find(document, '#frames-filter', HTMLElement).addEventListener('change', ({ target }) => {
      if (target instanceof HTMLInputElement) this.#screen = target.value;
      this.#showAll();
    });
    this.#pause.addEventListener('click', () => {
      this.#paused = !this.#paused;
      this.#pause.setAttribute('aria-pressed', String(this.#paused));
      this.#pause.textContent = this.#paused ? 'Resume' : 'Pause';
      this.#showAll();
    });
    find(document, '#frames-clear', HTMLElement).addEventListener('click', () => {
      this.#entries = [];
      this.#showAll();
    });
    this.#tell();
  }

  /** @param {Omit<Entry, 'at'>} frame */
  add(frame) {
    const entry = { ...frame, at: Date.now() };
    this.#entries.unshift(entry);
    this.#entries.splice(KEEP);
    if (this.#paused) this.#held += 1;
    else if (this.#matches(entry)) {
      this.#list.prepend(row(entry));
      while (this.#list.children.length > KEEP) this.#list.lastElementChild?.remove();
    }
    this.#tell();
  }

  #showAll() {
    this.#held = 0;
    this.#list.replaceChildren(...this.#entries.filter(entry => this.#matches(entry)).map(row));
    this.#tell();
  }

  /** @param {Entry} entry */
  #matches({ screen }) {
    return this.#screen === '' || this.#screen === screen;
  }

  #tell() {
    const kept = `${this.#entries.length}${this.#entries.length === KEEP ? ', the latest' : ''}`;
    this.#count.textContent = this.#held > 0 ? `${kept}; ${this.#held} since the pause` : kept;
  }
}

/** @param {Entry} entry */
const row = ({ screen, direction, text, at }) => {
  const frame = parse(text);
  const details = make(
    'details',
    {},
    make(
      'summary',
      {},
      time(at),
      make('span', { class: 'frame-screen' }, screen),
      make(
        'span',
        {
          class: `frame-way ${direction}`,
          role: 'img',
          'aria-label': direction === 'in' ? 'received' : 'sent',
        },
        direction === 'in' ? '↓' : '↑',
      ),
      make('span', { class: 'frame-kind' }, kindOf(frame)),
      make('code', {}, text),
    ),
  );
  details.addEventListener('toggle', () => details.append(make('pre', { class: 'json' }, pretty(frame))), {
    once: true,
  });
  return make('li', { 'data-kind': kindOf(frame) }, details);
};

/** @param {string} text */
const parse = text => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** @param {any} frame */
const kindOf = frame => String(frame?.action ?? frame?.type ?? '?');
