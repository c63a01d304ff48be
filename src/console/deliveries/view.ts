import { css, html, LitElement, nothing } from 'lit';
import { number, timeOf } from '../format.ts';
import type { Gauges } from '../live/gauges.ts';
import { Polling } from '../polling.ts';
import type { Session } from '../session.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';
import { table } from '../styles/table.ts';

const EVERY_MS = 4_000;
const LIMIT = 100;

interface DeadLetters {
  readonly deadLetters: readonly {
    readonly id: string;
    readonly channel: string;
    readonly offset: number;
    readonly connections: number;
    readonly cause: string;
    readonly failedAt: string;
  }[];
  readonly complete: boolean;
}

/** What of deliveries came to be, and what was given up, which can be tried again. */
export class DeliveriesView extends LitElement {
  static override styles = [
    base,
    controls,
    table,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
        gap: 1px;
        margin-bottom: 20px;
        background: var(--line);
        overflow: clip;
      }

      dl > div {
        padding: 12px 16px;
        background: var(--surface);
      }

      dt {
        color: var(--soft);
        font-size: 13px;
        font-weight: 600;
      }

      dd {
        font-size: 22px;
        font-weight: 650;
        font-variant-numeric: tabular-nums;
        letter-spacing: -0.02em;
      }
    `,
  ];

  session: Session | undefined;
  gauges: Gauges | undefined;
  announce: (text: string) => void = () => {};
  #letters: DeadLetters | undefined;
  #problem = '';
  #outcome = '';
  #busy = false;
  protected readonly polling = new Polling(this, EVERY_MS, () => void this.#read());

  protected override render() {
    return html`${this.#outcomes()} ${this.#deadLetters()}`;
  }

  #outcomes() {
    const { gauges } = this;
    if (gauges === undefined || gauges.problem !== '') return nothing;
    const outcome = (name: string): number =>
      gauges.total('deliveries_total', labels => labels.outcome === name);
    const rows: readonly (readonly [string, number])[] = [
      ['Delivered', outcome('delivered')],
      ['Throttled, and tried again', outcome('throttled')],
      ['Failed, and tried again', outcome('failed')],
      ['Gone, and pruned', outcome('gone')],
      ['Put back into the queue', gauges.total('deliveries_requeued_total')],
      ['Given up', gauges.total('deliveries_dead_lettered_total')],
    ];
    return html`<h2 class="unseen">Since the server began</h2>
      <dl class="card">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${number(value)}</dd></div>`)}</dl>`;
  }

  #deadLetters() {
    const letters = this.#letters?.deadLetters ?? [];
    return html`<section class="card list" aria-labelledby="heading">
      <header>
        <h2 id="heading">Dead letters</h2>
        <span class="hint">${this.#letters ? `${letters.length}${this.#letters.complete ? '' : ', and more'}` : ''}</span>
        <span class="space"></span>
        <span class="hint" role="status">${this.#outcome}</span>
        <button type="button" class="quiet" ?disabled=${letters.length === 0 || this.#busy} @click=${() => void this.#redrive()}>
          Try them again
        </button>
      </header>
      ${this.#problem ? html`<p class="notice">${this.#problem}</p>` : nothing}
      ${letters.length === 0 ? this.#none() : this.#rows(letters)}
    </section>`;
  }

  #none() {
    if (this.#letters === undefined) return nothing;
    return html`<p class="notice">
      Nothing was given up. What cannot be delivered in five jobs, each with its retries, ends here; the message stays in
      its channel’s log, where clients find it.
    </p>`;
  }

  #rows(letters: DeadLetters['deadLetters']) {
    return html`<div class="scroll"><table>
      <thead><tr><th scope="col">Given up</th><th scope="col">Channel</th><th scope="col" class="amount">Offset</th><th scope="col" class="amount">Connections</th><th scope="col">Cause</th></tr></thead>
      <tbody>
        ${letters.map(
          ({ channel, offset, connections, cause, failedAt }) => html`<tr>
            <td>${timeOf(failedAt)}</td>
            <td><a href="#messages/${encodeURIComponent(channel)}">${channel}</a></td>
            <td class="amount">${offset}</td>
            <td class="amount">${connections}</td>
            <td class="wide">${cause}</td>
          </tr>`,
        )}
      </tbody>
    </table></div>`;
  }

  async #redrive(): Promise<void> {
    this.#busy = true;
    this.requestUpdate();
    try {
      const body = { limit: LIMIT };
      const answer = await this.session?.call<{ redriven: number }>('/v1/dead-letters/redrive', { body });
      this.#outcome = `${answer?.redriven ?? 0} put back into the queue`;
      this.announce(this.#outcome);
    } catch (error) {
      this.#problem = (error as Error).message;
    }
    this.#busy = false;
    await this.#read();
  }

  async #read(): Promise<void> {
    try {
      this.#letters = await this.session?.call<DeadLetters>(`/v1/dead-letters?limit=${LIMIT}`);
      this.#problem = '';
    } catch (error) {
      this.#problem = (error as Error).message;
    }
    this.requestUpdate();
  }
}

customElements.define('deliveries-view', DeliveriesView);
