import { css, html, LitElement, svg } from 'lit';
import { number } from '../format.ts';
import { base } from '../styles/base.ts';

const WIDTH = 120;
const HEIGHT = 32;
/** Points across the whole width. */
const ACROSS = 60;

/** A number, and how it came about over the last minute. */
export class ConsoleChart extends LitElement {
  static override styles = [
    base,
    css`
      .card {
        display: flex;
        flex-direction: column;
        height: 100%;
        padding: 14px 16px 0;
        overflow: clip;
      }

      h3 {
        color: var(--soft);
        font-weight: 600;
      }

      p {
        font-size: 28px;
        font-weight: 650;
        font-variant-numeric: tabular-nums;
        letter-spacing: -0.02em;
        line-height: 1.35;
      }

      .unit {
        color: var(--soft);
        font-size: 13px;
        font-weight: 400;
        letter-spacing: 0;
      }

      svg {
        display: block;
        width: calc(100% + 32px);
        height: 48px;
        margin: auto -16px 0;
      }

      .area {
        fill: var(--brass-wash);
      }

      .line {
        fill: none;
        stroke: var(--brass-text);
        stroke-width: 1.6;
        vector-effect: non-scaling-stroke;
      }

      .bad .area {
        fill: color-mix(in srgb, var(--bad), transparent 86%);
      }

      .bad .line {
        stroke: var(--bad);
      }
    `,
  ];

  static override properties = {
    heading: { attribute: false },
    unit: { attribute: false },
    points: { attribute: false },
    bad: { attribute: false },
  };

  declare heading: string;
  declare unit: string;
  declare points: readonly number[];
  /** Whether anything above 0 is bad news. */
  declare bad: boolean;

  constructor() {
    super();
    this.heading = '';
    this.unit = '';
    this.points = [];
    this.bad = false;
  }

  protected override render() {
    const { heading, unit, points } = this;
    const now = points.at(-1);
    const most = Math.max(1, ...points);
    const words = now === undefined ? 'no number yet' : `${number(now)} ${unit}, at the most ${number(most)}`;
    return html`<section class="card ${this.bad && most > 0 && points.some(point => point > 0) ? 'bad' : ''}">
      <h3>${heading}</h3>
      <p>${now === undefined ? '–' : number(now)} <span class="unit">${unit}</span></p>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${heading} in the last minute: ${words}">
        ${curve(points, most)}
      </svg>
    </section>`;
  }
}

const curve = (points: readonly number[], most: number) => {
  if (points.length < 2) return svg``;
  const step = WIDTH / (ACROSS - 1);
  const first = WIDTH - (points.length - 1) * step;
  const at = (value: number, index: number): string =>
    `${(first + index * step).toFixed(2)},${(HEIGHT - 1 - (value / most) * (HEIGHT - 5)).toFixed(2)}`;
  const line = points.map(at).join(' ');
  return svg`<polygon class="area" points="${first.toFixed(2)},${HEIGHT} ${line} ${WIDTH},${HEIGHT}"></polygon>
    <polyline class="line" points="${line}"></polyline>`;
};

customElements.define('console-chart', ConsoleChart);
