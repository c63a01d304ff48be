import { css, html, LitElement } from 'lit';
import type { Session } from '../session.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';
import { table } from '../styles/table.ts';
import './phones.ts';
import type { UserPhones } from './phones.ts';
import './preferences.ts';
import type { UserPreferences } from './preferences.ts';
import './recent.ts';
import type { UserRecent } from './recent.ts';
import './screens.ts';
import type { UserScreens } from './screens.ts';

type Part = UserScreens | UserPhones | UserPreferences | UserRecent;
const PARTS = ['user-screens', 'user-phones', 'user-preferences', 'user-recent'] as const;

/** One person: which screens are open, what their phones show, how they want to be reached, and what they were sent. */
export class PeopleView extends LitElement {
  static override styles = [
    base,
    controls,
    table,
    css`
      :host {
        display: grid;
        gap: 18px;
        max-width: 1080px;
      }

      .who {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 14px;
        align-items: center;
      }

      .who label {
        flex: 0 1 220px;
      }

      .who input {
        min-height: 32px;
        padding-block: 3px;
      }
    `,
  ];

  session: Session | undefined;
  user = '';
  announce: (text: string) => void = () => {};

  /** Turns to another user. */
  look(user: string): void {
    if (user === this.user) return;
    this.user = user;
    this.requestUpdate();
  }

  protected override updated(): void {
    for (const tag of PARTS) this.renderRoot.querySelector<Part>(tag)?.look(this.user);
  }

  protected override render() {
    const { session, announce } = this;
    return html`<p class="who">
        <label><span class="unseen">User</span>
          <input .value=${this.user} placeholder="which user" spellcheck="false" autocapitalize="none" @change=${this.#turn}></label>
        <a href="#inbox/${encodeURIComponent(this.user)}">Inbox</a>
      </p>
      <user-screens .session=${session}></user-screens>
      <user-phones .session=${session} .announce=${announce}></user-phones>
      <user-preferences .session=${session} .announce=${announce}></user-preferences>
      <user-recent .session=${session}></user-recent>`;
  }

  #turn(event: Event): void {
    const user = (event.target as HTMLInputElement).value.trim();
    location.hash = `people/${encodeURIComponent(user)}`;
  }
}

customElements.define('people-view', PeopleView);
