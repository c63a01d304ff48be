import type { Percentiles } from './histogram.ts';
import type { LoadResult, Progress } from './run.ts';

export interface Thresholds {
  /** ms */
  readonly maxP99?: number;
  readonly maxLost: number;
  readonly maxDuplicated?: number;
  readonly maxDisordered?: number;
  readonly maxRefused: number;
}

/** Beyond it, this process was too busy to tell how long something took. */
const TOO_BUSY = 0.85;

/** @returns a line for each threshold that the run exceeded, and for connections that never came to be */
export const exceeded = (result: LoadResult, thresholds: Thresholds): string[] => {
  const { connections, messages, deliveries, latencyMs } = result;
  const lines: string[] = [];
  const hold = (what: string, found: number, most: number | undefined, unit = ''): void => {
    if (most !== undefined && found > most) lines.push(`${what}: ${number(found)}${unit}, over ${most}`);
  };
  const failed = connections.failed.total;
  if (failed > 0) {
    lines.push(`${failed} of ${connections.asked} connections could not be opened: ${connections.failed}`);
  }
  if (messages.sent === 0) lines.push('nothing was published');
  const causes = messages.refused.total === 0 ? '' : ` (${messages.refused})`;
  hold('refused', messages.refused.total, thresholds.maxRefused, causes);
  hold('lost', deliveries.lost, thresholds.maxLost);
  hold('duplicated', deliveries.duplicated, thresholds.maxDuplicated);
  hold('out of order', deliveries.disordered, thresholds.maxDisordered);
  hold('p99', latencyMs?.p99 ?? 0, thresholds.maxP99, ' ms');
  return lines;
};

export const asJson = (result: LoadResult, over: readonly string[]): string =>
  JSON.stringify({ ...result, passed: over.length === 0, exceeded: over });

export const asText = ({
  channel,
  connections,
  messages,
  deliveries,
  latencyMs,
  busy,
}: LoadResult): string => {
  const again = connections.retried === 0 ? '' : `, ${number(connections.retried)} tries repeated`;
  const cut = connections.cut.total === 0 ? '' : `; cut: ${connections.cut}`;
  const refused = messages.refused.total === 0 ? '' : `; refused: ${messages.refused}`;
  const { received, expected, perSecond, lost, duplicated, disordered } = deliveries;
  const rows: readonly (readonly [string, string])[] = [
    ['channel', channel],
    ['connections', `${number(connections.opened)} in ${seconds(connections.seconds)}${again}${cut}`],
    ['published', `${number(messages.sent)} in ${seconds(messages.seconds)}${refused}`],
    ['received', `${number(received)} of ${number(expected)}, ${number(Math.round(perSecond))} a second`],
    ['lost', number(lost)],
    ['duplicated', number(duplicated)],
    ['out of order', number(disordered)],
    ['latency', latencyMs === undefined ? 'nothing arrived' : latencies(latencyMs)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const lines = rows.map(([name, value]) => name.padEnd(width) + value);
  if (busy > TOO_BUSY) {
    lines.push(
      '',
      `This process was busy ${Math.round(busy * 100)} % of the time: part of the latency is its own.`,
    );
  }
  return lines.join('\n');
};

export const progressLine = ({ phase, connections, sent, received, latency }: Progress): string => {
  const what = phase === 'connecting' ? '' : `  ${number(sent)} published  ${number(received)} received`;
  const how = latency === undefined ? '' : `  ${latencies(latency)}`;
  return `${phase}  ${number(connections)} connections${what}${how}`;
};

const latencies = ({ p50, p90, p99, max }: Percentiles): string =>
  Object.entries({ p50, p90, p99, max })
    .map(([name, ms]) => `${name} ${number(ms)} ms`)
    .join('  ');

const seconds = (value: number): string => `${value.toFixed(1)} s`;

/** 1234567.89 as 1,234,568 and 1.234 as 1.2: as many digits as mean something. */
const number = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 100 && !Number.isInteger(value) ? 1 : 0 });
