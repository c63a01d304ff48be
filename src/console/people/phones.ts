import { html, LitElement, nothing } from 'lit';
import { timeOf } from '../format.ts';
import { Polling } from '../polling.ts';
import type { Session } from '../session.ts';
import { Refused } from '../session.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';
import { table } from '../styles/table.ts';
import { phoneStyles } from './phone-styles.ts';

const EVERY_MS = 1_000;
const STATES = ['on', 'unreachable', 'uninstalled'] as const;

interface Phone {
  readonly device: { readonly id: string; readonly label?: string; readonly platform: string };
  readonly state: (typeof STATES)[number];
  readonly badge: number;
  readonly buzzes: number;
  readonly alerts: readonly {
    readonly at: string;
    readonly messageId: string;
    readonly notification: { readonly title: string; readonly body?: string };
  }[];
}

/** What a user's phones would show: with a server that has no credentials, they are all virtual. */
export class UserPhones extends LitElement {
  static override styles = [base, controls, table, phoneStyles];

  session: Session | undefined;
  user = '';
  announce: (text: string) => void = () => {};
  #phones: readonly Phone[] | undefined;
  #buzzes = new Map<string, number>();
  #problem = '';
  protected readonly polling = new Polling(this, EVERY_MS, () => void this.#refresh());

  look(user: string): void {
    if (user === this.user) return;
    this.user = user;
    this.#phones = undefined;
    this.#buzzes = new Map();
    this.requestUpdate();
    void this.#refresh();
  }

  protected override render() {
    return html`<section class="card list" aria-labelledby="phones">
      <header>
        <h2 id="phones">Phones</h2>
        <p class="hint">They are told of what no open screen has shown within five seconds.</p>
        <span class="space"></span>
        <button type="button" @click=${this.#pair}>Add a virtual phone</button>
      </header>
      ${this.#problem ? html`<p class="notice">${this.#problem}</p>` : nothing} ${this.#list()}
    </section>`;
  }

  #list() {
    if (this.#phones === undefined) return nothing;
    if (this.#phones.length === 0)
      return html`<p class="notice">${this.user} has no device. Add a phone, close her screens, and send her something.</p>`;
    return html`<ol class="phones">${this.#phones.map(phone => this.#phone(phone))}</ol>`;
  }

  #phone({ device, state, badge, buzzes, alerts }: Phone) {
    const rings = buzzes > (this.#buzzes.get(device.id) ?? buzzes);
    return html`<li class="phone ${state}">
      <div class="case ${rings ? 'rings' : ''}">
        <p class="clock" aria-hidden="true">${clock()}</p>
        ${alerts.map(
          ({ at, messageId, notification: { title, body } }) =>
            html`<button type="button" class="alert" title="Open, and so read" @click=${() => this.#open(messageId)}>
              <strong>${title}</strong>${timeOf(at)}${body ? html`<span>${body}</span>` : nothing}
            </button>`,
        )}
        <p class="app">Your app ${badge > 0 ? html`<span class="count" aria-label="${badge} unread">${badge}</span>` : nothing}</p>
      </div>
      <div class="about">
        <strong>${device.label ?? device.platform}</strong>
        <label><span class="unseen">State of ${device.label ?? device.id}</span>
          <select .value=${state} @change=${(event: Event) => this.#turn(device.id, event)}>
            ${STATES.map(one => html`<option value=${one} ?selected=${one === state}>${one}</option>`)}
          </select></label>
        <button type="button" class="quiet" @click=${() => this.#remove(device.id)}>Remove</button>
      </div>
    </li>`;
  }

  #pair(): Promise<void> {
    const count = (this.#phones?.length ?? 0) + 1;
    const body = { platform: 'fcm', token: virtualToken(), label: `Virtual phone ${count}` };
    return this.#do('devices', { body });
  }

  #turn(id: string, event: Event): Promise<void> {
    const state = (event.target as HTMLSelectElement).value;
    return this.#do(`phones/${id}`, { method: 'PUT', body: { state } });
  }

  #remove(id: string): Promise<void> {
    return this.#do(`devices/${id}`, { method: 'DELETE' });
  }

  #open(messageId: string): Promise<void> {
    return this.#do(`inbox/${encodeURIComponent(messageId)}/read`, { method: 'POST' });
  }

  async #do(path: string, call: { readonly method?: string; readonly body?: unknown }): Promise<void> {
    try {
      await this.session?.call(`/v1/users/${encodeURIComponent(this.user)}/${path}`, call);
    } catch (error) {
      this.#problem = (error as Error).message;
      this.announce(this.#problem);
    }
    await this.#refresh();
  }

  async #refresh(): Promise<void> {
    if (this.user === '') return;
    const user = this.user;
    try {
      const path = `/v1/users/${encodeURIComponent(user)}/phones`;
      const answer = await this.session?.call<{ phones: readonly Phone[] }>(path);
      if (user !== this.user) return;
      this.#remember();
      this.#phones = answer?.phones;
      this.#problem = '';
    } catch (error) {
      this.#problem =
        error instanceof Refused && error.status === 404
          ? 'This deployment pushes to real phones, or to none.'
          : (error as Error).message;
    }
    this.requestUpdate();
  }

  /** What each had buzzed when it was last looked at, so that it is seen to buzz. */
  #remember(): void {
    for (const { device, buzzes } of this.#phones ?? []) this.#buzzes.set(device.id, buzzes);
  }
}

const clock = (): string =>
  new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Of the shape that Firebase gives out. */
const virtualToken = (): string => {
  const letters = (count: number): string =>
    Array.from(crypto.getRandomValues(new Uint8Array(count)), byte => (byte % 36).toString(36)).join('');
  return `virtual-${letters(14)}:${letters(140)}`;
};

customElements.define('user-phones', UserPhones);
