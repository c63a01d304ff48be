import { html, LitElement, nothing } from 'lit';
import { Polling } from '../polling.ts';
import type { Session } from '../session.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';
import { table } from '../styles/table.ts';
import type { Entry } from './steps.ts';
import { stepsOf } from './steps.ts';
import { trailStyles } from './trail-styles.ts';

const EVERY_MS = 2_000;
const LIMIT = 200;

interface Trail {
  readonly entries: readonly Entry[];
  readonly next?: string;
}

/** What became of one notification, and why. */
export class TrailView extends LitElement {
  static override styles = [base, controls, table, trailStyles];

  session: Session | undefined;
  #about = '';
  #trail: Trail | undefined;
  #problem = '';
  protected readonly polling = new Polling(this, EVERY_MS, () => void this.#refresh());

  /** @param about the notification's id; after a `/`, the user whom it is to concern */
  look(about: string): void {
    if (about === this.#about) return;
    this.#about = about;
    this.#trail = undefined;
    this.#problem = '';
    this.requestUpdate();
    void this.#refresh();
  }

  protected override render() {
    const [id = '', user = ''] = this.#about.split('/');
    return html`<section class="card list" aria-labelledby="heading">
      <header>
        <h2 id="heading">Trail</h2>
        <label><span class="unseen">Of notification</span>
          <input name="id" class="mono" .value=${id} placeholder="id of a notification" spellcheck="false" autocapitalize="none" @change=${this.#turn}></label>
        <label><span class="unseen">Concerning</span>
          <input name="user" .value=${user} placeholder="of all users" spellcheck="false" autocapitalize="none" @change=${this.#turn}></label>
        ${user ? html`<span class="space"></span><a href="#inbox/${encodeURIComponent(user)}">Inbox of ${user}</a>` : nothing}
      </header>
      ${this.#problem ? html`<p class="notice" role="status">${this.#problem}</p>` : nothing}
      ${id === '' ? html`<p class="notice">What was decided and done about a notification, and why: give its id.</p>` : nothing}
      ${this.#trail ? stepsOf(this.#trail.entries) : nothing}
      ${this.#trail?.next ? html`<p class="notice">The first ${this.#trail.entries.length} steps; there are more.</p>` : nothing}
    </section>`;
  }

  #turn(): void {
    const of = (name: string): string =>
      this.renderRoot.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.trim() ?? '';
    location.hash = `trail/${placeOf(of('id'), of('user'))}`;
  }

  async #refresh(): Promise<void> {
    const about = this.#about;
    const [id = '', user = ''] = about.split('/');
    if (id === '') return;
    try {
      const query = new URLSearchParams({ limit: String(LIMIT), ...(user && { user }) });
      const trail = await this.session?.call<Trail>(`/v1/notifications/${encodeURIComponent(id)}?${query}`);
      if (about !== this.#about) return;
      this.#trail = trail;
      this.#problem = '';
    } catch (error) {
      if (about === this.#about) this.#problem = (error as Error).message;
    }
    this.requestUpdate();
  }
}

const placeOf = (id: string, user: string): string =>
  [id, user].filter(Boolean).map(encodeURIComponent).join('/');

/** Leads to what became of a notification. */
export const trailLink = (id: string, user?: string) =>
  html`<a href="#trail/${placeOf(id, user ?? '')}">What became of it</a>`;

customElements.define('trail-view', TrailView);
