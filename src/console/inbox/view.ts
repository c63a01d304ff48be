import { css, html, LitElement, nothing } from 'lit';
import type { Inbox, InboxEntry } from '../../client/index.ts';
import { timeOf } from '../format.ts';
import { Polling } from '../polling.ts';
import type { Session } from '../session.ts';
import { Refused } from '../session.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';
import { table } from '../styles/table.ts';
import { trailLink } from '../trail/view.ts';

const EVERY_MS = 3_000;
const LIMIT = 50;
const FILTERS = ['all', 'unread', 'archived'] as const;

/** One user's notifications, and what became of them. */
export class InboxView extends LitElement {
  static override styles = [
    base,
    controls,
    table,
    css`
      .list {
        max-width: 880px;
      }

      .entry {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 2px 16px;
        padding: 10px 16px 11px;
        border-top: 1px solid var(--line);
      }

      .entry h3 {
        font-size: 15px;
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .read h3 {
        font-weight: 400;
      }

      .entry p {
        grid-column: 1 / -1;
        overflow-wrap: anywhere;
      }

      .marks {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 3px;
      }

      header label {
        flex: 0 1 220px;
      }

      input {
        min-height: 32px;
        padding-block: 3px;
      }

      .unread {
        border-color: transparent;
        background: var(--brass-wash);
        color: var(--brass-text);
      }
    `,
  ];

  session: Session | undefined;
  user = '';
  #inbox: Inbox | undefined;
  #filter: (typeof FILTERS)[number] = 'all';
  #problem = '';
  #read = '';
  protected readonly polling = new Polling(this, EVERY_MS, () => void this.#refresh());

  /** Looks into another user's. */
  look(user: string): void {
    if (user === this.#read) return;
    this.user = user;
    this.#inbox = undefined;
    this.#read = user;
    this.requestUpdate();
    void this.#refresh();
  }

  protected override render() {
    return html`<section class="card list" aria-labelledby="heading">
      <header>
        <h2 id="heading">Inbox</h2>
        <label><span class="unseen">Of user</span>
          <input .value=${this.user} placeholder="of which user" spellcheck="false" autocapitalize="none" @change=${this.#turn}></label>
        ${this.#inbox ? html`<span class="badge ${this.#inbox.unread > 0 ? 'unread' : ''}">${this.#inbox.unread} unread</span>` : nothing}
        <span class="space"></span>
        <a class="hint" href="#trail">Find by id</a>
        <fieldset class="segments small" @change=${this.#choose}>
          <legend class="unseen">Show</legend>
          ${FILTERS.map(
            filter =>
              html`<label><input type="radio" name="filter" value=${filter} ?checked=${filter === this.#filter}><span>${filter}</span></label>`,
          )}
        </fieldset>
      </header>
      ${this.#problem ? html`<p class="notice">${this.#problem}</p>` : nothing} ${this.#entries()}
    </section>`;
  }

  #entries() {
    if (this.#inbox === undefined) return nothing;
    const { entries, complete } = this.#inbox;
    if (entries.length === 0) return html`<p class="notice">Nothing here.</p>`;
    return html`<ol>${entries.map(entry => entryOf(entry, this.#read))}</ol>
      ${complete ? nothing : html`<p class="notice">The newest ${entries.length}; there are more.</p>`}`;
  }

  #turn(event: Event): void {
    const user = (event.target as HTMLInputElement).value.trim();
    location.hash = `inbox/${encodeURIComponent(user)}`;
  }

  #choose(event: Event): void {
    this.#filter = (event.target as HTMLInputElement).value as (typeof FILTERS)[number];
    this.#inbox = undefined;
    void this.#refresh();
  }

  async #refresh(): Promise<void> {
    if (this.#read === '') return;
    const [user, filter] = [this.#read, this.#filter];
    try {
      const path = `/v1/users/${encodeURIComponent(user)}/inbox?limit=${LIMIT}&filter=${filter}`;
      const inbox = await this.session?.call<Inbox>(path);
      if (user !== this.#read || filter !== this.#filter) return;
      this.#inbox = inbox;
      this.#problem = '';
    } catch (error) {
      this.#problem =
        error instanceof Refused && error.status === 404
          ? 'This deployment does not show inboxes over HTTP.'
          : (error as Error).message;
    }
    this.requestUpdate();
  }
}

const entryOf = ({ notification, sentAt, read, archived, shownAt, offset }: InboxEntry, user: string) =>
  html`<li class="entry ${read ? 'read' : ''}">
    <h3>${notification.title}</h3>
    ${timeOf(sentAt)}
    ${notification.body ? html`<p>${notification.body}</p>` : nothing}
    <p class="marks">
      <span class="badge ${read ? '' : 'unread'}">${read ? 'read' : 'unread'}</span>
      ${archived ? html`<span class="badge">archived</span>` : nothing}
      ${shownAt ? html`<span class="badge">shown ${timeOf(shownAt)}</span>` : nothing}
      ${notification.category ? html`<span class="badge">${notification.category}</span>` : nothing}
      <code class="hint">#${offset}</code>
      <span class="hint">${trailLink(notification.id, user)}</span>
    </p>
  </li>`;

customElements.define('inbox-view', InboxView);
