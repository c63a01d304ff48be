import { css, html, LitElement, nothing } from 'lit';
import type { Session } from '../session.ts';
import { Refused } from '../session.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';
import { table } from '../styles/table.ts';
import type { Preferences, Wishes } from './preferences-form.ts';
import { DIGESTS, digestName, preferencesIn } from './preferences-form.ts';

const EVERYTHING_ELSE = 'default';
const ONE_HOUR_MS = 3_600_000;

/** How a user wants to be reached, to be looked at and changed. */
export class UserPreferences extends LitElement {
  static override styles = [
    base,
    controls,
    table,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 14px;
        align-items: center;
        padding: 8px 16px;
      }

      .row input:not([type='checkbox']) {
        width: auto;
        min-height: 32px;
        padding-block: 3px;
      }

      .row input[type='checkbox'] {
        width: auto;
        min-height: 0;
      }

      form > footer {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 12px;
        align-items: center;
        padding: 12px 16px;
        border-top: 1px solid var(--line);
      }

      td select,
      td input {
        width: auto;
        min-width: 6.5em;
        min-height: 30px;
        padding-block: 2px;
      }

      td input[type='number'] {
        width: 5em;
        min-width: 0;
      }
    `,
  ];

  session: Session | undefined;
  user = '';
  announce: (text: string) => void = () => {};
  #preferences: Preferences | undefined;
  #version = '';
  #categories: readonly string[] = [];
  #notice = '';

  look(user: string): void {
    if (user === this.user) return;
    this.user = user;
    this.#preferences = undefined;
    this.#notice = '';
    void this.#read();
  }

  protected override render() {
    const preferences = this.#preferences;
    return html`<section class="card list" aria-labelledby="preferences">
      <header><h2 id="preferences">Preferences</h2><p class="hint">What is not said is as its category has it.</p></header>
      ${this.#notice ? html`<p class="notice" role="alert">${this.#notice}</p>` : nothing}
      ${preferences ? this.#form(preferences) : nothing}
    </section>`;
  }

  #form({ quietHours, muteUntil, categories }: Preferences) {
    return html`<form @submit=${this.#save}>
      <p class="row">
        <label><input type="checkbox" name="quiet" ?checked=${quietHours !== undefined}> Quiet hours</label>
        <label>from <input type="time" name="start" .value=${quietHours?.start ?? '22:00'}></label>
        <label>until <input type="time" name="end" .value=${quietHours?.end ?? '07:00'}></label>
        <label><span class="unseen">Time zone</span><input name="timeZone" placeholder="the user's own zone" spellcheck="false" .value=${quietHours?.timeZone ?? ''}></label>
        <label><input type="checkbox" name="urgentPasses" ?checked=${quietHours?.urgentPasses ?? true}> urgent passes</label>
      </p>
      <p class="row">
        <label><input type="checkbox" name="muted" ?checked=${muteUntil !== undefined}> Muted until</label>
        <label><span class="unseen">Muted until</span>
          <input type="datetime-local" name="muteUntil" .value=${local(muteUntil ?? new Date(Date.now() + ONE_HOUR_MS).toISOString())}></label>
      </p>
      <div class="scroll"><table>
        <thead><tr><th>Category</th><th>On screens</th><th>Push</th><th>Digest</th><th>at</th><th>At the most, an hour</th><th>beyond that</th></tr></thead>
        <tbody>${this.#categories.map(name => this.#category(name, categories[name] ?? {}))}</tbody>
      </table></div>
      <footer>
        <label><span class="unseen">Another category</span><input name="more" placeholder="another category" spellcheck="false" autocapitalize="none"></label>
        <button type="button" @click=${this.#add}>Add</button>
        <span class="space"></span>
        <button type="submit" class="primary">Save</button>
      </footer>
    </form>`;
  }

  #category(name: string, { screen, push, digest, cap }: Wishes) {
    const choice = (field: string, value: boolean | undefined) =>
      html`<td><select name="${name} ${field}" aria-label="${field} of ${name}">
        ${[
          ['', 'as usual'],
          ['yes', 'yes'],
          ['no', 'no'],
        ].map(([id, text]) => html`<option value=${id} ?selected=${id === chosen(value)}>${text}</option>`)}
      </select></td>`;
    const at = digest && 'at' in digest ? digest.at : '09:00';
    return html`<tr data-category=${name}>
      <td>${name === EVERYTHING_ELSE ? 'everything else' : html`<code>${name}</code>`}</td>
      ${choice('screen', screen)} ${choice('push', push)}
      <td><select name="${name} digest" aria-label="digest of ${name}">
        ${DIGESTS.map(one => html`<option ?selected=${one === digestName(digest)}>${one}</option>`)}
      </select></td>
      <td><input type="time" name="${name} at" aria-label="time of the digest of ${name}" .value=${at}></td>
      <td><input type="number" min="1" max="1000" name="${name} max" aria-label="pushes of ${name} at the most" placeholder="any" .value=${cap ? String(cap.max) : ''}></td>
      <td><select name="${name} over" aria-label="beyond that">
        <option ?selected=${cap?.over !== 'digest'}>drop</option><option ?selected=${cap?.over === 'digest'}>digest</option>
      </select></td>
    </tr>`;
  }

  #add(event: Event): void {
    const input = (event.target as HTMLElement).closest('form')?.elements.namedItem('more');
    if (!(input instanceof HTMLInputElement) || input.value.trim() === '') return;
    this.#categories = [...new Set([...this.#categories, input.value.trim()])];
    input.value = '';
    this.requestUpdate();
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const before = this.#preferences ?? { categories: {} };
    const body = preferencesIn(new FormData(event.target as HTMLFormElement), this.#categories, before);
    try {
      const headers = { 'if-match': this.#version };
      const saved = await this.session?.exchange<Preferences>(this.#path(), { method: 'PUT', body, headers });
      this.#take(saved);
      this.#say('Saved.');
    } catch (error) {
      const changed = error instanceof Refused && error.status === 412;
      if (changed) await this.#read();
      this.#say(
        changed ? 'They were changed meanwhile, and are shown as they are now.' : (error as Error).message,
      );
    }
  }

  async #read(): Promise<void> {
    try {
      this.#take(await this.session?.exchange<Preferences>(this.#path()));
    } catch (error) {
      const unknown = error instanceof Refused && error.status === 404;
      this.#say(unknown ? 'This deployment keeps no preferences.' : (error as Error).message);
    }
  }

  #take(answer: { readonly answer: Preferences; readonly etag: string } | undefined): void {
    if (answer === undefined) return;
    this.#preferences = answer.answer;
    this.#version = answer.etag;
    const named = Object.keys(answer.answer.categories);
    this.#categories = [...new Set([...this.#categories, ...named, EVERYTHING_ELSE])];
    this.requestUpdate();
  }

  #say(text: string): void {
    this.#notice = text;
    this.announce(text);
    this.requestUpdate();
  }

  #path(): string {
    return `/v1/users/${encodeURIComponent(this.user)}/preferences`;
  }
}

const chosen = (value: boolean | undefined): string => {
  if (value === undefined) return '';
  return value ? 'yes' : 'no';
};

/** As a field for local times takes it. */
const local = (iso: string): string => {
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

customElements.define('user-preferences', UserPreferences);
