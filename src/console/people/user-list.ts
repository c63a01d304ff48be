import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { Polling } from '../polling.ts';
import type { Session } from '../session.ts';
import { Refused } from '../session.ts';
import { base } from '../styles/base.ts';
import { table } from '../styles/table.ts';

const EVERY_MS = 2_000;

/** A list of what there is of one user, read again and again while somebody looks at it. */
export abstract class UserList<Answer> extends LitElement {
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

  session: Session | undefined;
  user = '';
  protected abstract readonly heading: string;
  /** What it says where the server has no such list. */
  protected abstract readonly absent: string;
  #answer: Answer | undefined;
  #problem = '';
  readonly #polling = new Polling(this, EVERY_MS, () => void this.#read());

  /** @param user as a path and a query take it */
  protected abstract path(user: string): string;
  /** The rows of the table, or what there is to say where there are none. */
  protected abstract rows(answer: Answer): readonly TemplateResult[] | string;

  look(user: string): void {
    if (user === this.user) return;
    this.user = user;
    this.#answer = undefined;
    void this.#read();
  }

  protected override render() {
    return html`<section class="card list" aria-labelledby="heading">
      <header><h2 id="heading">${this.heading}</h2></header>
      ${this.#problem ? html`<p class="notice">${this.#problem}</p>` : nothing}
      ${this.#answer ? shown(this.rows(this.#answer)) : nothing}
    </section>`;
  }

  async #read(): Promise<void> {
    if (this.user === '') return;
    const user = this.user;
    try {
      const answer = await this.session?.call<Answer>(this.path(encodeURIComponent(user)));
      if (user !== this.user) return;
      this.#answer = answer;
      this.#problem = '';
    } catch (error) {
      const absent = error instanceof Refused && error.status === 404;
      if (absent) this.#polling.stop();
      this.#problem = absent ? this.absent : (error as Error).message;
    }
    this.requestUpdate();
  }
}

const shown = (rows: readonly TemplateResult[] | string) =>
  typeof rows === 'string'
    ? html`<p class="notice">${rows}</p>`
    : html`<table><tbody>${rows}</tbody></table>`;
