import { html, LitElement } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { pretty, timeOf } from '../format.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';
import type { Direction } from '../wire.ts';
import { framesStyles } from './frames-styles.ts';

const KEEP = 200;

interface Frame {
  readonly number: number;
  readonly screen: string;
  readonly direction: Direction;
  readonly text: string;
  readonly at: number;
}

/** The raw frames of both sockets, newest first. */
export class ConsoleFrames extends LitElement {
  static override styles = [base, controls, framesStyles];

  /** Newest first. */
  #frames: readonly Frame[] = [];
  /** What is shown while the list is paused. */
  #paused: readonly Frame[] | undefined;
  #screen = '';
  #count = 0;

  add(screen: string, direction: Direction, text: string): void {
    this.#frames = [
      { number: ++this.#count, screen, direction, text, at: Date.now() },
      ...this.#frames,
    ].slice(0, KEEP);
    this.requestUpdate();
  }

  protected override render() {
    const frames = (this.#paused ?? this.#frames).filter(
      ({ screen }) => this.#screen === '' || this.#screen === screen,
    );
    const held = this.#count - (this.#paused?.[0]?.number ?? this.#count);
    return html`<section class="card frames" aria-labelledby="title">
      <header>
        <h2 id="title">Frames</h2>
        <p class="hint">${held > 0 ? `${held} since the pause` : this.#frames.length}</p>
        <fieldset class="segments small" @change=${this.#choose}>
          <legend class="unseen">Show the frames of</legend>
          ${[
            ['', 'both'],
            ['alice', 'alice'],
            ['bob', 'bob'],
          ].map(
            ([value, text]) =>
              html`<label><input type="radio" name="screen" value=${value} ?checked=${value === this.#screen}><span>${text}</span></label>`,
          )}
        </fieldset>
        <button type="button" class="quiet" aria-pressed=${this.#paused !== undefined} @click=${this.#pause}>
          ${this.#paused ? 'Resume' : 'Pause'}
        </button>
        <button type="button" class="quiet" @click=${this.#clear}>Clear</button>
      </header>
      <ol class="frames-list" tabindex="0" aria-label="WebSocket frames, newest first">
        ${frames.map(frame => keyed(frame.number, row(frame)))}
      </ol>
    </section>`;
  }

  #choose({ target }: Event): void {
    this.#screen = (target as HTMLInputElement).value;
    this.requestUpdate();
  }

  #pause(): void {
    this.#paused = this.#paused ? undefined : this.#frames;
    this.requestUpdate();
  }

  #clear(): void {
    this.#frames = [];
    this.#paused &&= [];
    this.requestUpdate();
  }
}

const row = ({ screen, direction, text, at }: Frame) => {
  const frame = JSON.parse(text);
  const kind = String(frame.action ?? frame.type ?? '?');
  return html`<li data-kind=${kind}>
    <details>
      <summary>
        ${timeOf(at)}<span>${screen}</span>
        <span class="frame-way ${direction}" role="img" aria-label=${direction === 'in' ? 'received' : 'sent'}>
          ${direction === 'in' ? '↓' : '↑'}
        </span>
        <span class="frame-kind">${kind}</span><code>${text}</code>
      </summary>
      <pre class="json">${pretty(frame)}</pre>
    </details>
  </li>`;
};

customElements.define('console-frames', ConsoleFrames);
