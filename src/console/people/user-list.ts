import { css, html, nothing, type TemplateResult } from 'lit';
import { Reader } from '../reader.ts';
import { base } from '../styles/base.ts';
import { table } from '../styles/table.ts';

const EVERY_MS = 2_000;

/** A list of what there is of one user, read again and again while somebody looks at it. */
export abstract class UserList<Answer> extends Reader<Answer> {
  static override styles = [
    base,
    table,
    css`
      td strong {
        display: block;
        font-weight: 600;
      }
    `,
  ];

  user = '';
  protected abstract readonly heading: string;

  constructor() {
    super(EVERY_MS);
  }

  /** @param user as a path and a query take it */
  protected abstract path(user: string): string;
  /** The rows of the table, or what there is to say where there are none. */
  protected abstract rows(answer: Answer): readonly TemplateResult[] | string;

  look(user: string): void {
    if (user === this.user) return;
    this.user = user;
    this.answer = undefined;
    void this.read();
  }

  protected override render() {
    return html`<section class="card list" aria-labelledby="heading">
      <header><h2 id="heading">${this.heading}</h2></header>
      ${this.problem ? html`<p class="notice">${this.problem}</p>` : nothing}
      ${this.answer ? shown(this.rows(this.answer)) : nothing}
    </section>`;
  }

  protected override asked(): string | undefined {
    return this.user === '' ? undefined : this.path(encodeURIComponent(this.user));
  }
}

const shown = (rows: readonly TemplateResult[] | string) =>
  typeof rows === 'string'
    ? html`<p class="notice">${rows}</p>`
    : html`<table><tbody>${rows}</tbody></table>`;
