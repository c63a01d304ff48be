import { html, LitElement, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Session } from '../session.ts';
import { Refused } from '../session.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';
import { Answer } from './answer.ts';
import { cliCommand, curlCommand } from './commands.ts';
import { composerStyles } from './composer-styles.ts';
import type { Draft, FieldName } from './draft.ts';
import { FIRST_DRAFT, fieldOf, requestOf } from './draft.ts';

const RECIPIENTS = [
  ['user:alice', 'alice'],
  ['user:bob', 'bob'],
  ['room:lobby', 'lobby'],
  ['topic:orders', 'orders'],
  ['broadcast', 'everyone'],
] as const;

/** The form that sends, and the same call for a shell. */
export class ConsoleComposer extends LitElement {
  static override styles = [base, controls, composerStyles];

  session: Session | undefined;
  readonly #answer = new Answer();
  #draft: Draft = FIRST_DRAFT;
  #errors: Partial<Record<FieldName, string>> = {};
  #sending = false;
  #shell: 'fanfare' | 'curl' = 'fanfare';
  #copied = '';
  /** A call that got no answer, to be retried under its key. */
  #unanswered: { readonly body: string; readonly key: string } | undefined;

  /** Puts the channel in and makes ready to send. */
  address(channel: string): void {
    this.#edit('to', channel);
    this.renderRoot.querySelector<HTMLElement>('.primary')?.focus();
  }

  noteArrival(id: string, screen: string, at: number): void {
    this.#answer.noteArrival(id, screen, at);
    this.requestUpdate();
  }

  protected override render() {
    return html`<section class="card composer" aria-labelledby="heading">
      <h2 id="heading">Send a notification</h2>
      <p class="hint">Then cut alice’s network, send again, and reconnect.</p>
      <form novalidate autocomplete="off" @submit=${this.#submit} @keydown=${this.#submitByKey}>
        ${this.#input('to', 'To')} ${this.#chips()} ${this.#input('title', 'Title')}
        ${this.#textarea('body', 'Body', 'optional')}
        <div class="pair">${this.#priorities()} ${this.#input('category', 'Category', 'optional')}</div>
        ${this.#textarea('data', 'Data', 'optional, JSON')}
        <div class="send">
          <button type="submit" class="primary" aria-disabled=${this.#sending}>Send</button>
          <span class="hint"><kbd>Ctrl</kbd> or <kbd>⌘</kbd> + <kbd>Enter</kbd></span>
        </div>
      </form>
      ${this.#answer.render()} ${this.#command()}
    </section>`;
  }

  #input(name: FieldName, label: string, hint = '') {
    return this.#field(
      name,
      label,
      hint,
      html`<input id=${name} .value=${live(this.#draft[name])} spellcheck="false" autocapitalize="none"
        aria-describedby="${name}-error" aria-invalid=${this.#errors[name] ? 'true' : nothing}
        @input=${(event: Event) => this.#edit(name, (event.target as HTMLInputElement).value)}>`,
    );
  }

  #textarea(name: 'body' | 'data', label: string, hint: string) {
    return this.#field(
      name,
      label,
      hint,
      html`<textarea id=${name} rows=${name === 'body' ? 2 : 1} class=${name === 'data' ? 'mono' : nothing}
        .value=${live(this.#draft[name])} placeholder=${name === 'data' ? '{"order": 42}' : nothing} spellcheck="false"
        aria-describedby="${name}-error" aria-invalid=${this.#errors[name] ? 'true' : nothing}
        @input=${(event: Event) => this.#edit(name, (event.target as HTMLTextAreaElement).value)}></textarea>`,
    );
  }

  #field(name: FieldName, label: string, hint: string, control: unknown) {
    return html`<div class="field">
      <label for=${name}>${label}${hint ? html` <span class="hint">${hint}</span>` : nothing}</label>
      ${control} ${this.#error(name)}
    </div>`;
  }

  #error(name: FieldName) {
    const words = this.#errors[name];
    return html`<p class="error" id="${name}-error" ?hidden=${!words}>${words}</p>`;
  }

  #chips() {
    return html`<fieldset class="chips">
      <legend class="unseen">Common recipients</legend>
      ${RECIPIENTS.map(
        ([channel, name]) => html`<button type="button" aria-pressed=${this.#draft.to.trim() === channel}
          @click=${() => this.#edit('to', channel)}>${name}</button>`,
      )}
    </fieldset>`;
  }

  #priorities() {
    return html`<fieldset class="field">
      <legend>Priority</legend>
      <div class="segments">
        ${['low', 'normal', 'high'].map(
          level => html`<label><input type="radio" name="priority" value=${level} .checked=${live(level === this.#draft.priority)}
            @change=${() => this.#edit('priority', level)}><span>${level}</span></label>`,
        )}
      </div>
      ${this.#error('priority')}
    </fieldset>`;
  }

  #command() {
    const { request } = requestOf(this.#draft);
    const origin = this.session?.url ?? '';
    const command = (this.#shell === 'curl' ? curlCommand : cliCommand)(request, origin);
    return html`<div class="shell">
        <h3>The same from a shell</h3>
        <fieldset class="segments small">
          <legend class="unseen">Command</legend>
          ${(['fanfare', 'curl'] as const).map(
            shell => html`<label><input type="radio" name="shell" .checked=${live(shell === this.#shell)}
              @change=${() => this.#choose(shell)}><span>${shell}</span></label>`,
          )}
        </fieldset>
        <button type="button" class="quiet" @click=${() => void this.#copy(command)}>Copy</button>
      </div>
      <pre id="command">${command}</pre>
      <p class="hint" ?hidden=${this.#shell !== 'curl'}>A token: <code>export FANFARE_TOKEN=$(npx fanfare token --admin)</code></p>
      <p class="hint" role="status">${this.#copied}</p>`;
  }

  #edit(name: FieldName, value: string): void {
    this.#draft = { ...this.#draft, [name]: value };
    this.#errors = { ...this.#errors, [name]: undefined, data: requestOf(this.#draft).problem };
    this.#copied = '';
    this.requestUpdate();
  }

  #choose(shell: 'fanfare' | 'curl'): void {
    this.#shell = shell;
    this.requestUpdate();
  }

  #submitByKey(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit(event);
  }

  #submit(event: Event): void {
    event.preventDefault();
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    const { request, problem } = requestOf(this.#draft);
    this.#errors = { data: problem };
    if (problem === undefined) {
      this.#sending = true;
      this.requestUpdate();
      const sentAt = performance.now();
      try {
        const { id } = await this.#post(JSON.stringify(request));
        this.#answer.accept(id, sentAt);
      } catch (error) {
        this.#explain(error as Error);
      }
      this.#sending = false;
    }
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }

  async #post(body: string): Promise<{ readonly id: string }> {
    const key = this.#unanswered?.body === body ? this.#unanswered.key : crypto.randomUUID();
    this.#unanswered = { body, key };
    try {
      const call = { body: JSON.parse(body), headers: { 'idempotency-key': key } };
      const answer = await this.session?.call<{ id: string }>('/v1/notifications', call);
      this.#unanswered = undefined;
      return answer ?? { id: '' };
    } catch (error) {
      if (error instanceof Refused) this.#unanswered = undefined;
      throw error;
    }
  }

  #explain(error: Error): void {
    if (!(error instanceof Refused)) {
      this.#answer.fail('No answer', [error.message]);
      return;
    }
    for (const { field, message } of error.fields) {
      const name = fieldOf(field);
      if (name) this.#errors = { ...this.#errors, [name]: message };
    }
    this.#answer.fail(`${error.status} ${error.title}`, [error.message]);
  }

  async #copy(command: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(command);
      this.#copied = 'Copied.';
    } catch {
      // A page that is neither https nor on localhost has no clipboard.
      this.#copied = 'This browser does not let the page copy: select the text.';
    }
    this.requestUpdate();
  }
}

customElements.define('console-composer', ConsoleComposer);
