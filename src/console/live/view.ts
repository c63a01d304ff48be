import { css, html, LitElement } from 'lit';
import type { Session } from '../session.ts';
import { base } from '../styles/base.ts';
import './chart.ts';
import type { Gauges, SeriesId } from './gauges.ts';
import './lists.ts';

const TILES: readonly { readonly id: SeriesId; readonly heading: string; readonly unit: string }[] = [
  { id: 'connections', heading: 'Connections', unit: 'open' },
  { id: 'messages', heading: 'Messages', unit: 'a second' },
  { id: 'delivered', heading: 'Deliveries', unit: 'a second' },
  { id: 'undelivered', heading: 'Not delivered', unit: 'a second' },
];

/** What goes on at the moment. */
export class LiveView extends LitElement {
  static override styles = [
    base,
    css`
      .tiles {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 1fr));
        gap: 16px;
        margin-bottom: 20px;
      }

      .lists {
        display: grid;
        grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        gap: 20px;
        align-items: start;
      }

      .card {
        margin-bottom: 20px;
        padding: 14px 16px;
      }

      @media (max-width: 1000px) {
        .tiles {
          grid-template-columns: repeat(2, minmax(0, 1fr));
          gap: 12px;
        }

        .lists {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  session: Session | undefined;
  gauges: Gauges | undefined;

  protected override render() {
    const { gauges } = this;
    return html`<h2 class="unseen">What goes on at the moment</h2>
      ${
        gauges?.problem
          ? html`<p class="card">${gauges.problem}</p>`
          : html`<div class="tiles">
              ${TILES.map(
                ({ id, heading, unit }) => html`<console-chart .heading=${heading} .unit=${unit}
                  .points=${gauges?.points(id) ?? []} .bad=${id === 'undelivered'}></console-chart>`,
              )}
            </div>`
      }
      <div class="lists">
        <connection-list .session=${this.session}></connection-list>
        <channel-list .session=${this.session}></channel-list>
      </div>
    `;
  }
}

customElements.define('live-view', LiveView);
