import { css, html, LitElement } from 'lit';
import type { Session } from './session.ts';
import { base } from './styles/base.ts';
import { controls } from './styles/controls.ts';

/** Asks for tokens, where the deployment gives none away. */
export class ConsoleTokens extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      .card {
        margin-bottom: 20px;
        padding: 20px;
      }

      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
        gap: 12px;
        align-items: end;
        margin-top: 12px;
      }
    `,
  ];

  session: Session | undefined;
  given: () => void = () => {};

  protected override render() {
    const field = (name: string, label: string) => html`<div class="field">
      <label for=${name}>${label}</label>
      <input id=${name} name=${name} type="password" autocomplete="off" spellcheck="false">
    </div>`;
    return html`<section class="card" aria-labelledby="heading">
      <h2 id="heading">Tokens</h2>
      <p class="hint">
        This deployment gives no tokens away. Paste some made with <code>fanfare token</code>: they stay in this page’s
        memory.
      </p>
      <form novalidate @submit=${this.#submit}>
        ${field('admin', 'Admin')} ${field('alice', 'First screen')} ${field('bob', 'Second screen')}
        <button type="submit" class="primary">Use these</button>
      </form>
    </section>`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const [admin, alice, bob] = ['admin', 'alice', 'bob'].map(name => String(form.get(name) ?? '').trim());
    this.session?.paste({ admin, alice, bob });
    this.given();
  }
}

customElements.define('console-tokens', ConsoleTokens);
