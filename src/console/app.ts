import { html, LitElement, nothing } from 'lit';
import { appStyles } from './app-styles.ts';
import './deliveries/view.ts';
import icon from './icon.svg';
import './inbox/view.ts';
import type { InboxView } from './inbox/view.ts';
import { Gauges } from './live/gauges.ts';
import './live/view.ts';
import './messages/view.ts';
import type { MessagesView } from './messages/view.ts';
import type { PeopleView } from './people/view.ts';
import { Session } from './session.ts';
import { base } from './styles/base.ts';
import './tokens.ts';
import './trail/view.ts';
import type { TrailView } from './trail/view.ts';
import './try/view.ts';
import type { TryView } from './try/view.ts';

/** The pages, by what follows the `#` in the address; what follows a `/` is what to look at there. */
const VIEWS = [
  { id: 'screens', title: 'Screens' },
  { id: 'live', title: 'Live' },
  { id: 'messages', title: 'Messages' },
  { id: 'inbox', title: 'Inbox' },
  { id: 'people', title: 'People' },
  { id: 'schedules', title: 'Schedules' },
  { id: 'deliveries', title: 'Deliveries' },
] as const;
/** Pages that most visits do not come to: their code is fetched when somebody does. */
const LOADED_LATER = {
  people: () => import('./people/view.ts'),
  schedules: () => import('./schedules/view.ts'),
} as const;
/** Where one gets to from another page only; that one's tab stays the current one. */
const BEHIND = { trail: 'inbox' } as const;
type ViewId = (typeof VIEWS)[number]['id'] | keyof typeof BEHIND;

interface Place {
  readonly view: ViewId;
  readonly about: string;
}

/** The frame of the console: where one is, and where one can go. */
export class FanfareConsole extends LitElement {
  static override styles = [base, appStyles];

  readonly #session = new Session(() => this.#askForTokens());
  #gauges: Gauges | undefined;
  #place = placeOf(location.hash);
  #tabInSight: Element | undefined;
  readonly #loaded = new Set<keyof typeof LOADED_LATER>();
  #asking = false;
  #announcement = '';
  readonly #turned = (): void => {
    this.#place = placeOf(location.hash);
    this.requestUpdate();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#turned);
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#turned);
    this.#gauges?.stop();
  }

  async #begin(): Promise<void> {
    await this.#session.locate().catch(() => {}); // then it is here
    this.#gauges = new Gauges(this.#session, () => this.requestUpdate());
    this.requestUpdate();
  }

  protected override updated(): void {
    this.#bringTabIntoSight();
    if (!this.#gauges) return;
    const { view, about } = this.#place;
    if (view === 'messages') this.#part<MessagesView>('messages-view')?.look(about);
    if (view === 'inbox') this.#part<InboxView>('inbox-view')?.look(about || 'alice');
    if (view in LOADED_LATER) void this.#load(view as keyof typeof LOADED_LATER);
    if (view === 'people') this.#part<PeopleView>('people-view')?.look(about || 'alice');
    if (view === 'trail') this.#part<TrailView>('trail-view')?.look(about);
    if (view === 'live' || view === 'deliveries') this.#part<LitElement>(`${view}-view`)?.requestUpdate();
  }

  protected override render() {
    return html`<header class="top">
        <button type="button" class="skip" @click=${this.#skip}>Skip to the page</button>
        <img src=${icon} alt="" width="36" height="36">
        <div class="words">
          <h1>Fanfare</h1>
          <p>One call, every open screen. What a screen misses, it gets when it comes back.</p>
        </div>
        <nav class="links" aria-label="Server">
          ${['OpenAPI', 'Health', 'Metrics'].map(name => html`<a href=${linkOf(this.#session, name)}>${name}</a>`)}
        </nav>
      </header>
      <nav class="tabs" aria-label="Pages">
        ${VIEWS.map(({ id, title }) => html`<a href="#${id}" aria-current=${this.#isWithin(id) ? 'page' : nothing}>${title}</a>`)}
      </nav>
      <main tabindex="-1">
        ${this.#asking ? html`<console-tokens .session=${this.#session} .given=${() => this.#restart()}></console-tokens>` : nothing}
        ${this.#gauges ? this.#pages(this.#gauges) : nothing}
      </main>
      <p class="unseen" role="status">${this.#announcement}</p>`;
  }

  /** All of them stay, with what they have, whichever is looked at. */
  #pages(gauges: Gauges) {
    const session = this.#session;
    const announce = (text: string) => this.#announce(text);
    return html`<try-view ?hidden=${!this.#at('screens')} .session=${session} .announce=${announce}></try-view>
      <live-view ?hidden=${!this.#at('live')} .session=${session} .gauges=${gauges}></live-view>
      <messages-view ?hidden=${!this.#at('messages')} .session=${session}></messages-view>
      <inbox-view ?hidden=${!this.#at('inbox')} .session=${session}></inbox-view>
      ${this.#loaded.has('people') ? html`<people-view ?hidden=${!this.#at('people')} .session=${session} .announce=${announce}></people-view>` : nothing}
      <trail-view ?hidden=${!this.#at('trail')} .session=${session}></trail-view>
      ${this.#loaded.has('schedules') ? html`<schedules-view ?hidden=${!this.#at('schedules')} .session=${session} .announce=${announce}></schedules-view>` : nothing}
      <deliveries-view ?hidden=${!this.#at('deliveries')} .session=${session} .gauges=${gauges} .announce=${announce}></deliveries-view>`;
  }

  async #load(page: keyof typeof LOADED_LATER): Promise<void> {
    if (this.#loaded.has(page)) return;
    await LOADED_LATER[page]();
    this.#loaded.add(page);
    this.requestUpdate();
  }

  #at(view: ViewId): boolean {
    return this.#place.view === view;
  }

  /** On a phone the tabs are wider than the screen. Once for each page: who scrolls them by hand is left alone. */
  #bringTabIntoSight(): void {
    const tab = this.#part('.tabs [aria-current]') ?? undefined;
    if (tab !== this.#tabInSight) tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#tabInSight = tab;
  }

  #isWithin(tab: ViewId): boolean {
    const { view } = this.#place;
    return tab === (view === 'trail' ? BEHIND[view] : view);
  }

  #part<Part extends Element>(tag: string): Part | null {
    return this.renderRoot.querySelector<Part>(tag);
  }

  #announce(text: string): void {
    this.#announcement = text;
    this.requestUpdate();
  }

  #askForTokens(): void {
    this.#asking = true;
    this.requestUpdate();
  }

  #restart(): void {
    this.#asking = false;
    this.#part<TryView>('try-view')?.restart();
    this.requestUpdate();
  }

  #skip(): void {
    this.renderRoot.querySelector('main')?.focus();
  }
}

const linkOf = ({ url }: Session, name: string): string =>
  `${url}/${name === 'OpenAPI' ? 'openapi.json' : name.toLowerCase()}`;

const placeOf = (hash: string): Place => {
  const [id, ...about] = hash.slice(1).split('/');
  const view = id === 'trail' ? id : (VIEWS.find(one => one.id === id)?.id ?? 'screens');
  try {
    return { view, about: about.map(decodeURIComponent).join('/') };
  } catch {
    return { view, about: '' };
  }
};

customElements.define('fanfare-console', FanfareConsole);
