import { css, html, LitElement, nothing } from 'lit';
import { momentOf } from '../format.ts';
import { Polling } from '../polling.ts';
import type { Session } from '../session.ts';
import { Refused } from '../session.ts';
import { base } from '../styles/base.ts';
import { controls } from '../styles/controls.ts';
import { table } from '../styles/table.ts';
import './form.ts';

const EVERY_MS = 3_000;
const LIMIT = 100;
/** Runs that are looked ahead. */
const RUNS = 5;

interface Schedule {
  readonly id: string;
  readonly owner: string;
  readonly state: 'active' | 'paused';
  readonly nextRunAt?: string;
  readonly nextRuns?: readonly string[];
  readonly cron?: string;
  readonly timeZone?: string;
  readonly notification: { readonly title: string; readonly to: readonly string[] };
}

/** What is planned, and when it comes. */
export class SchedulesView extends LitElement {
  static override styles = [
    base,
    controls,
    table,
    css`
      /* What is unseen in it is scrolled along. */
      .scroll {
        position: relative;
      }

      .wide {
        min-width: 140px;
      }

      .do {
        display: flex;
        gap: 6px;
      }

      .runs {
        white-space: normal;
      }

      .runs time {
        white-space: nowrap;
      }
    `,
  ];

  session: Session | undefined;
  announce: (text: string) => void = () => {};
  #schedules: readonly Schedule[] | undefined;
  #isAll = true;
  /** Whose next runs are shown. */
  #opened: Schedule | undefined;
  #problem = '';
  protected readonly polling = new Polling(this, EVERY_MS, () => void this.#read());

  protected override render() {
    return html`<schedule-form .session=${this.session} .planned=${() => this.#done('Scheduled')}></schedule-form>
      <section class="card list" aria-labelledby="heading">
        <header>
          <h2 id="heading">Schedules</h2>
          <span class="hint">${this.#schedules ? `${this.#schedules.length}${this.#isAll ? '' : ', and more'}` : ''}</span>
        </header>
        ${this.#problem ? html`<p class="notice">${this.#problem}</p>` : nothing} ${this.#rows(this.#schedules)}
      </section>`;
  }

  #rows(schedules: readonly Schedule[] | undefined) {
    if (schedules === undefined) return nothing;
    if (schedules.length === 0) return html`<p class="notice">Nothing is planned.</p>`;
    return html`<div class="scroll" tabindex="0" role="group" aria-labelledby="heading"><table>
      <thead><tr><th scope="col">What</th><th scope="col">To</th><th scope="col">When</th><th scope="col">Next</th><th scope="col"><span class="unseen">What to do</span></th></tr></thead>
      <tbody>${schedules.map(schedule => this.#row(schedule))}</tbody>
    </table></div>`;
  }

  #row(schedule: Schedule) {
    const { id, state, cron, timeZone, nextRunAt, owner, notification } = schedule;
    const { title, to } = notification;
    const isOpen = this.#opened?.id === id;
    const named = html`<span class="unseen"> ${title}</span>`;
    return html`<tr>
      <td class="wide">${title} <span class="hint">by ${owner}</span></td>
      <td>${to[0]}${to.length > 1 ? html` <span class="hint">and ${to.length - 1} more</span>` : nothing}</td>
      <td>${cron === undefined ? 'once' : html`<code>${cron}</code> <span class="hint">${timeZone}</span>`}</td>
      <td class="runs">
        ${state === 'paused' || nextRunAt === undefined ? html`<span class="badge">paused</span>` : nothing}
        ${isOpen ? html`<ol>${this.#opened?.nextRuns?.map(run => html`<li>${momentOf(run)}</li>`)}</ol>` : nextRunAt && momentOf(nextRunAt)}
      </td>
      <td><div class="do">
        ${cron !== undefined && state === 'active' ? html`<button type="button" class="quiet" aria-pressed=${isOpen} @click=${() => void this.#open(schedule)}>Next ${RUNS}${named}</button>` : nothing}
        ${
          state === 'active'
            ? html`<button type="button" class="quiet" @click=${() => void this.#change(id, 'pause', 'Paused')}>Pause${named}</button>`
            : html`<button type="button" class="quiet" @click=${() => void this.#change(id, 'resume', 'Resumed')}>Resume${named}</button>`
        }
        <button type="button" class="quiet" @click=${() => void this.#cancel(id)}>Cancel${named}</button>
      </div></td>
    </tr>`;
  }

  async #open(schedule: Schedule): Promise<void> {
    const isOpen = this.#opened?.id === schedule.id;
    this.#opened = isOpen ? undefined : schedule;
    await this.#read();
  }

  #change(id: string, verb: 'pause' | 'resume', said: string): Promise<void> {
    return this.#try(said, () => this.session?.call(`/v1/schedules/${id}/${verb}`, { method: 'POST' }));
  }

  #cancel(id: string): Promise<void> {
    return this.#try('Cancelled', () => this.session?.call(`/v1/schedules/${id}`, { method: 'DELETE' }));
  }

  async #try(said: string, call: () => Promise<unknown> | undefined): Promise<void> {
    try {
      await call();
      this.#done(said);
    } catch (error) {
      this.#problem = (error as Error).message;
      this.requestUpdate();
    }
  }

  #done(said: string): void {
    this.announce(said);
    void this.#read();
  }

  async #read(): Promise<void> {
    try {
      const page = await this.session?.call<{ schedules: readonly Schedule[]; next?: string }>(
        `/v1/schedules?limit=${LIMIT}`,
      );
      this.#schedules = page?.schedules;
      this.#isAll = page?.next === undefined;
      await this.#readRuns();
      this.#problem = '';
    } catch (error) {
      this.#problem =
        error instanceof Refused && error.status === 404
          ? 'This deployment has no schedules.'
          : (error as Error).message;
    }
    this.requestUpdate();
  }

  /** Of the one that is open, unless it is gone. */
  async #readRuns(): Promise<void> {
    const id = this.#opened?.id;
    const found = this.#schedules?.find(schedule => schedule.id === id && schedule.state === 'active');
    this.#opened =
      found &&
      (await this.session?.call<Schedule>(`/v1/schedules/${id}?runs=${RUNS}`).catch(() => undefined));
  }
}

customElements.define('schedules-view', SchedulesView);
