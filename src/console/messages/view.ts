import { html, LitElement, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { keyed } from 'lit/directives/keyed.js';
import type { Message } from '../../client/index.ts';
import { pretty, timeOf } from '../format.ts';
import type { Session } from '../session.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';
import { table } from '../styles/table.ts';
import { trailLink } from '../trail/view.ts';
import { messagesStyles } from './messages-styles.ts';
import type { Followed } from './stream.ts';
import { Stream } from './stream.ts';

/** What one begins with. */
const FIRST = ['broadcast', 'user:alice', 'room:lobby'];

/** What is said in the channels that one follows, and who is there. */
export class MessagesView extends LitElement {
  static override styles = [base, controls, table, messagesStyles];

  session: Session | undefined;
  #stream: Stream | undefined;
  #filter = '';

  /** Follows a channel more; without one, what one begins with, the first time. */
  look(channel: string): void {
    if (!this.session) return;
    this.#stream ??= this.#begin(this.session, channel === '' ? FIRST : []);
    if (channel !== '') this.#stream.follow(channel);
    this.requestUpdate();
  }

  protected override render() {
    const stream = this.#stream;
    if (!stream) return nothing;
    const words = this.#filter.toLowerCase();
    const shown = stream.messages.filter(
      message => words === '' || textOf(message).toLowerCase().includes(words),
    );
    return html`<section class="card list" aria-labelledby="channels">
        <header>
          <h2 id="channels">Followed channels</h2>
          <span class="hint">${stream.state.name}</span>
        </header>
        <form @submit=${this.#follow}>
          <label><span class="unseen">Channel to follow</span>
            <input name="channel" placeholder="room:lobby, user:alice, …" spellcheck="false" autocapitalize="none"></label>
          <button type="submit" class="quiet">Follow</button>
        </form>
        ${stream.problem ? html`<p class="notice error" role="alert">${stream.problem}</p>` : nothing}
        <ul>${[...stream.followed.values()].map(followed => this.#channel(followed))}</ul>
      </section>
      <section class="card list" aria-labelledby="messages">
        <header>
          <h2 id="messages">Messages</h2>
          <span class="hint">${shown.length === stream.messages.length ? shown.length : `${shown.length} of ${stream.messages.length}`}</span>
          <span class="space"></span>
          <label><span class="unseen">Filter messages</span>
            <input placeholder="Filter" spellcheck="false" @input=${this.#search}></label>
        </header>
        ${
          shown.length === 0
            ? html`<p class="notice">${words === '' ? 'Nothing was said yet.' : 'Nothing matches the filter.'}</p>`
            : html`<ol>${shown.map(message =>
                keyed(
                  `${message.channel} ${message.epoch} ${message.offset}`,
                  guard([message], () => row(message)),
                ),
              )}</ol>`
        }
      </section>`;
  }

  #channel({ channel, presence }: Followed) {
    return html`<li>
      <span class="channel"><code>${channel}</code><span class="hint">${presence ?? ''}</span></span>
      <button type="button" class="quiet" @click=${() => this.#stream?.unfollow(channel)}>
        Leave<span class="unseen"> ${channel}</span>
      </button>
    </li>`;
  }

  #begin(session: Session, channels: readonly string[]): Stream {
    const stream = new Stream(session, () => this.requestUpdate());
    for (const channel of channels) stream.follow(channel);
    return stream;
  }

  #follow(event: Event): void {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).elements.namedItem('channel') as HTMLInputElement;
    const channel = input.value.trim();
    if (channel === '') return;
    input.value = '';
    this.#stream?.follow(channel);
  }

  #search(event: Event): void {
    this.#filter = (event.target as HTMLInputElement).value;
    this.requestUpdate();
  }
}

const row = (message: Message) => {
  const { channel, offset, from, sentAt } = message;
  const { channel: _, ...rest } = message;
  return html`<li>
    <details>
      <summary>
        ${timeOf(sentAt)}<code class="where">${channel} #${offset}</code><b>${from}</b><span class="gist">${gistOf(message)}</span>
      </summary>
      ${message.notification ? html`<p class="hint">${trailLink(message.notification.id)}</p>` : nothing}
      <pre class="json">${pretty(rest)}</pre>
    </details>
  </li>`;
};

/** What a line has room for. */
const gistOf = ({ notification, presence, inbox, data }: Message): string => {
  if (notification)
    return notification.body ? `${notification.title}: ${notification.body}` : notification.title;
  if (presence) return `${presence.user} ${presence.event}, ${presence.count} here`;
  if (inbox) return `marked ${inbox.as}, ${inbox.unread} unread`;
  return JSON.stringify(data);
};

const textOf = (message: Message): string => JSON.stringify(message);

customElements.define('messages-view', MessagesView);
