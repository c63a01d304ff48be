import { html, LitElement, nothing } from 'lit';
import { appStyles } from './app-styles.ts';
import { Session } from './session.ts';
import { base } from './styles/base.ts';
import './tokens.ts';
import './try/view.ts';
import icon from './icon.svg';
import type { TryView } from './try/view.ts';

/** The pages, by what follows the `#` in the address. */
const VIEWS = [{ id: 'screens', title: 'Screens' }] as const;
type ViewId = (typeof VIEWS)[number]['id'];

/** The frame of the console: where one is, and where one can go. */
export class FanfareConsole extends LitElement {
  static override styles = [base, appStyles];

  readonly #session = new Session(() => this.#askForTokens());
  #view: ViewId = viewOf(location.hash);
  #asking = false;
  #announcement = '';
  readonly #turned = (): void => {
    this.#view = viewOf(location.hash);
    this.requestUpdate();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#turned);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#turned);
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
          <a href="/openapi.json">OpenAPI</a><a href="/health">Health</a><a href="/metrics">Metrics</a>
        </nav>
      </header>
      ${VIEWS.length > 1 ? this.#tabs() : nothing}
      <main tabindex="-1">
        ${this.#asking ? html`<console-tokens .session=${this.#session} .given=${() => this.#restart()}></console-tokens>` : nothing}
        ${this.#page()}
      </main>
      <p class="unseen" role="status">${this.#announcement}</p>`;
  }

  #tabs() {
    return html`<nav class="tabs" aria-label="Pages">
      ${VIEWS.map(({ id, title }) => html`<a href="#${id}" aria-current=${id === this.#view ? 'page' : nothing}>${title}</a>`)}
    </nav>`;
  }

  #page() {
    const announce = (text: string) => this.#announce(text);
    // The screens stay, with what is on them, whichever page is looked at.
    return html`<try-view ?hidden=${this.#view !== 'screens'} .session=${this.#session} .announce=${announce}></try-view>`;
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
    this.renderRoot.querySelector<TryView>('try-view')?.restart();
  }

  #skip(): void {
    this.renderRoot.querySelector('main')?.focus();
  }
}

const viewOf = (hash: string): ViewId => VIEWS.find(({ id }) => `#${id}` === hash)?.id ?? 'screens';

customElements.define('fanfare-console', FanfareConsole);
