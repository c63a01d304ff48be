import { css, html, LitElement, nothing } from 'lit';
import type { Session } from '../session.ts';
import { Refused } from '../session.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';

/** The fields, with what they begin with, and which part of the request each of them is. */
const FIELDS = {
  to: { label: 'To', first: 'user:alice', part: /^notification\.to/ },
  title: { label: 'Title', first: 'Good morning', part: /^notification\.title/ },
  deliverAt: { label: 'At', first: '', part: /^deliverAt/ },
  cron: { label: 'Cron', first: '0 9 * * *', part: /^cron/ },
  timeZone: { label: 'By the clocks of', first: 'user', part: /^timeZone/ },
} as const;
type Name = keyof typeof FIELDS;

const NAMES = Object.keys(FIELDS) as readonly Name[];

/** Plans a notification: once, or again and again. */
export class ScheduleForm extends LitElement {
  static override styles = [
    base,
    controls,
    css`
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 210px), 1fr));
        gap: 12px 16px;
        align-items: start;
        padding: 16px;
        margin-bottom: 20px;
      }

      h2,
      .end {
        grid-column: 1 / -1;
      }

      .end {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: center;
      }
    `,
  ];

  session: Session | undefined;
  /** Called when one was planned. */
  planned: () => void = () => {};
  #again = true;
  #errors: Partial<Record<Name, string>> = {};
  #problem = '';

  protected override render() {
    const when: readonly Name[] = this.#again ? ['cron', 'timeZone'] : ['deliverAt'];
    return html`<form class="card" aria-labelledby="new" novalidate @submit=${this.#submit}>
      <h2 id="new">Tell people later</h2>
      ${(['to', 'title'] as const).map(name => this.#field(name))}
      <fieldset class="field" @change=${this.#choose}>
        <legend>When</legend>
        <div class="segments">
          <label><input type="radio" name="when" value="again" ?checked=${this.#again}><span>repeatedly</span></label>
          <label><input type="radio" name="when" value="once" ?checked=${!this.#again}><span>once</span></label>
        </div>
      </fieldset>
      ${when.map(name => this.#field(name))}
      <div class="end">
        <button class="primary">Schedule</button>
        <span class="hint" ?hidden=${!this.#again}>Minute, hour, day, month, weekday. The clocks of <code>user</code> are each user’s own.</span>
        <span class="error" role="alert">${this.#problem}</span>
      </div>
    </form>`;
  }

  #field(name: Name) {
    const error = this.#errors[name];
    return html`<div class="field">
      <label for=${name}>${FIELDS[name].label}</label>
      <input id=${name} name=${name} type=${name === 'deliverAt' ? 'datetime-local' : 'text'} value=${FIELDS[name].first}
        spellcheck="false" autocapitalize="none" aria-describedby="${name}-error" aria-invalid=${error ? 'true' : nothing}>
      <p class="error" id="${name}-error" ?hidden=${!error}>${error}</p>
    </div>`;
  }

  #choose(event: Event): void {
    this.#again = (event.target as HTMLInputElement).value === 'again';
    this.requestUpdate();
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    const said = new FormData(event.target as HTMLFormElement);
    const of = (name: Name): string => String(said.get(name) ?? '').trim();
    const at = new Date(of('deliverAt'));
    const once = { deliverAt: Number.isNaN(at.getTime()) ? '' : at.toISOString() };
    const body = {
      notification: { to: of('to').split(/[\s,]+/), title: of('title') },
      ...(this.#again ? { cron: of('cron'), timeZone: of('timeZone') } : once),
    };
    this.#errors = {};
    this.#problem = '';
    try {
      await this.session?.call('/v1/schedules', { body });
      this.planned();
    } catch (error) {
      this.#show(error as Error);
    }
    this.requestUpdate();
  }

  #show(error: Error): void {
    const fields = error instanceof Refused ? error.fields : [];
    for (const { field, message } of fields) {
      const name = NAMES.find(one => FIELDS[one].part.test(field));
      if (name !== undefined) this.#errors[name] = message;
    }
    if (Object.keys(this.#errors).length === 0) this.#problem = error.message;
  }
}

customElements.define('schedule-form', ScheduleForm);
