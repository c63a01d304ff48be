import { css, html, LitElement, nothing } from 'lit';
import { sentenceOf } from '../../domain/trail-sentence.ts';
import { timeOf } from '../format.ts';
import { Polling } from '../polling.ts';
import type { Session } from '../session.ts';
import { base } from '../styles/base.ts';
import { table } from '../styles/table.ts';
import type { Entry } from '../trail/steps.ts';
import { trailLink } from '../trail/view.ts';

const EVERY_MS = 2_000;
const LIMIT = 20;

interface Sent {
  readonly id: string;
  readonly at: string;
  readonly title?: string;
  readonly last: Entry;
}

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What a user was sent last, and where each of it has got to. */
export class UserRecent extends LitElement {
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
  #sent: readonly Sent[] | undefined;
  #problem = '';
  protected readonly polling = new Polling(this, EVERY_MS, () => void this.#refresh());

  look(user: string): void {
    if (user === this.user) return;
    this.user = user;
    this.#sent = undefined;
    void this.#refresh();
  }

  protected override render() {
    return html`<section class="card list" aria-labelledby="recent">
      <header><h2 id="recent">Sent last</h2></header>
      ${this.#problem ? html`<p class="notice">${this.#problem}</p>` : nothing}
      ${this.#sent?.length === 0 ? html`<p class="notice">Nothing yet.</p>` : nothing}
      ${this.#sent?.length ? html`<table><tbody>${this.#sent.map(sent => row(sent, this.user))}</tbody></table>` : nothing}
    </section>`;
  }

  async #refresh(): Promise<void> {
    if (this.user === '') return;
    const user = this.user;
    try {
      const path = `/v1/users/${encodeURIComponent(user)}/notifications?limit=${LIMIT}`;
      const answer = await this.session?.call<{ notifications: readonly Sent[] }>(path);
      if (user !== this.user) return;
      this.#sent = answer?.notifications;
      this.#problem = '';
    } catch (error) {
      this.#problem = (error as Error).message;
    }
    this.requestUpdate();
  }
}

const row = ({ id, at, title, last }: Sent, user: string) => html`<tr>
  <td>${timeOf(at)}</td>
  <td class="wide"><strong>${title ?? html`<code>${id}</code>`}</strong>
    <span class="hint">${sentenceOf(last, { user: last.user, at: last.at, timeZone })}</span></td>
  <td class="roomy hint">${trailLink(id, user)}</td>
</tr>`;

customElements.define('user-recent', UserRecent);
