import { css, html, nothing, type TemplateResult } from 'lit';
import { number } from '../format.ts';
import { Reader } from '../reader.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';
import { table } from '../styles/table.ts';

const EVERY_MS = 3_000;
const LIMIT = 12;

interface Page {
  readonly total: number;
  readonly next?: string;
}

/** A list that the server hands out in pages: the one that is looked at is read again and again. */
export abstract class PagedList<Answer extends Page> extends Reader<Answer> {
  static override styles = [
    base,
    controls,
    table,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
      }

      input {
        min-height: 30px;
        padding-block: 3px;
        font-size: 13px;
      }

      header label {
        flex: 0 1 180px;
      }
    `,
  ];

  protected abstract readonly heading: string;
  /** Of the filter. */
  protected abstract readonly label: string;
  #filter = '';
  /** Of the pages before this one, and of this one; empty on the first. */
  #cursors: readonly string[] = [];

  constructor() {
    super(EVERY_MS);
  }

  protected abstract path(filter: string): string;
  protected abstract rows(answer: Answer): TemplateResult;

  protected override render() {
    return html`<section class="card list" aria-labelledby="heading">
      <header>
        <h2 id="heading">${this.heading}</h2>
        <span class="hint">${this.answer ? number(this.answer.total) : ''}</span>
        <span class="space"></span>
        <label><span class="unseen">${this.label}</span>
          <input placeholder=${this.label} spellcheck="false" autocapitalize="none" @input=${this.#search}></label>
      </header>
      ${this.problem ? html`<p class="notice">${this.problem}</p>` : nothing}
      ${this.answer ? html`<div class="scroll">${this.rows(this.answer)}</div>` : nothing}
      ${this.#pager()}
    </section>`;
  }

  #pager() {
    const next = this.answer?.next;
    if (next === undefined && this.#cursors.length === 0) return nothing;
    return html`<footer>
      <button type="button" class="quiet" ?disabled=${this.#cursors.length === 0}
        @click=${() => this.#turn(this.#cursors.slice(0, -1))}>Previous</button>
      <span class="hint">page ${this.#cursors.length + 1}</span>
      <button type="button" class="quiet" ?disabled=${next === undefined}
        @click=${() => next && this.#turn([...this.#cursors, next])}>Next</button>
    </footer>`;
  }

  #turn(cursors: readonly string[]): void {
    this.#cursors = cursors;
    void this.read();
  }

  #search(event: Event): void {
    this.#filter = (event.target as HTMLInputElement).value.trim();
    this.#turn([]);
  }

  protected override asked(): string {
    const cursor = this.#cursors.at(-1);
    const after = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    return `${this.path(this.#filter)}&limit=${LIMIT}${after}`;
  }
}
