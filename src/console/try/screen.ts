import { html, LitElement, nothing } from 'lit';
import type { Message } from '../../client/index.ts';
import type { Holder, Session } from '../session.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';
import type { Direction } from '../wire.ts';
import { arrival, line } from './arrival.ts';
import { arrivalStyles } from './arrival-styles.ts';
import { LOBBY, ScreenFeed } from './screen-feed.ts';
import { screenStyles } from './screen-styles.ts';

export interface ScreenEvents {
  readonly frame: (direction: Direction, text: string) => void;
  readonly shown: (message: Message, at: number) => void;
  readonly write: (channel: string) => void;
  readonly announce: (text: string) => void;
}

/** One user's device: what arrives, the room, and a network to cut. */
export class ConsoleScreen extends LitElement {
  static override styles = [base, controls, screenStyles, arrivalStyles];

  name: Holder = 'alice';
  session: Session | undefined;
  follows: readonly string[] = [];
  on: ScreenEvents | undefined;
  #feed: ScreenFeed | undefined;
  #refusal = '';
  #ticking: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ticking = setInterval(() => this.#feed?.state.name === 'waiting' && this.requestUpdate(), 250);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
    this.#feed?.close();
    this.#feed = undefined;
  }

  /** Begins anew, with the tokens that there are now. */
  restart(): void {
    this.#feed?.close();
    this.#feed = undefined;
    this.requestUpdate();
  }

  protected override willUpdate(): void {
    const { session, on, name } = this;
    if (this.#feed || !session || !on) return;
    this.#feed = new ScreenFeed({
      url: session.socketUrl,
      getToken: () => session.token(name),
      follows: this.follows,
      frame: on.frame,
      changed: () => this.requestUpdate(),
      arrived: message => this.#announce(message),
    });
  }

  protected override render() {
    const feed = this.#feed;
    if (!feed) return nothing;
    const { isCut } = feed.wire;
    return html`<section class="screen" data-state=${isCut ? 'cut' : feed.state.name === 'connected' ? 'live' : feed.state.name} aria-label="${this.name}’s screen">
      <header>
        <span class="avatar" aria-hidden="true">${this.name[0]}</span>
        <div class="who">
          <h2>${this.name}</h2>
          <p class="state"><span class="lamp" aria-hidden="true"></span><span class="state-text">${stateText(feed)}</span></p>
        </div>
        ${this.#unread(feed)}
        <button type="button" class="quiet" @click=${() => this.#switch(feed)}>
          ${isCut ? 'Reconnect' : 'Cut network'}<span class="unseen"> of ${this.name}</span>
        </button>
      </header>
      ${this.#banner(feed)} ${this.#arrivals(feed)} ${this.#lobby(feed)}
      <footer class="channels">${feed.channels.join('  ·  ')}</footer>
    </section>`;
  }

  #unread(feed: ScreenFeed) {
    const { unread } = feed;
    if (unread === 0) return nothing;
    return html`<button type="button" class="unread" title="Mark as read" @click=${() => feed.markRead()}>
      ${unread} new<span class="unseen">, mark as read</span>
    </button>`;
  }

  #banner(feed: ScreenFeed) {
    const words = feed.wire.isCut
      ? 'No network. What is sent now waits in the log of its channel.'
      : feed.state.name === 'waiting'
        ? `Trying again: ${feed.state.reason}`
        : feed.notice;
    return words === '' ? nothing : html`<p class="banner">${words}</p>`;
  }

  #arrivals(feed: ScreenFeed) {
    const channel = `user:${this.name}`;
    return html`<section class="arrivals" tabindex="0" aria-label="Arrivals of ${this.name}">
      ${
        feed.arrivals.length > 0
          ? html`<ol>${feed.arrivals.map(arrival)}</ol>`
          : html`<div class="empty">
              <p><strong>Nothing here yet.</strong></p>
              <p>What is sent to <code>${channel}</code> shows at once.</p>
              <button type="button" class="quiet write" @click=${() => this.on?.write(channel)}>
                Write to ${this.name}
              </button>
            </div>`
      }
    </section>`;
  }

  #lobby(feed: ScreenFeed) {
    return html`<section class="lobby" aria-label="${LOBBY} of ${this.name}">
      <h3>${LOBBY}</h3>
      ${
        feed.lines.length === 0
          ? nothing
          : html`<ol class="lines" tabindex="0" aria-label="What was said">
              ${feed.lines.map(entry => line(entry, entry.message.from === this.name))}
            </ol>`
      }
      <form novalidate autocomplete="off" @submit=${(event: Event) => void this.#say(event, feed)}>
        <input name="text" maxlength="500" aria-label="Say something as ${this.name}" placeholder="Say something as ${this.name}">
        <button type="submit" class="quiet">Say</button>
      </form>
      ${this.#refusal === '' ? nothing : html`<p class="error" role="alert">${this.#refusal}</p>`}
    </section>`;
  }

  #switch(feed: ScreenFeed): void {
    if (feed.wire.isCut) feed.restore();
    else feed.cut();
    this.on?.announce(`${this.name}’s network is ${feed.wire.isCut ? 'cut' : 'back'}`);
  }

  async #say(event: Event, feed: ScreenFeed): Promise<void> {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).elements.namedItem('text') as HTMLInputElement;
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    try {
      this.#refusal = '';
      await feed.say(text);
    } catch (error) {
      this.#refusal = (error as Error).message;
    }
    this.requestUpdate();
  }

  #announce(message: Message): void {
    const { notification, from, channel } = message;
    const what = notification?.title ?? `a message from ${from}`;
    this.on?.announce(
      `${this.name}: ${channel === LOBBY && !notification ? `${from} said something` : what}`,
    );
    // When it is on the screen, and not when it was read from the socket.
    void this.updateComplete.then(() =>
      requestAnimationFrame(() => this.on?.shown(message, performance.now())),
    );
  }
}

const stateText = ({ wire, state }: ScreenFeed): string => {
  if (wire.isCut) return 'offline';
  if (state.name === 'connected') return 'live';
  if (state.name !== 'waiting') return state.name;
  return `waiting ${Math.max(1, Math.ceil((state.until - Date.now()) / 1_000))} s`;
};

customElements.define('console-screen', ConsoleScreen);
