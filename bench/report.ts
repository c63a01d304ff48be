import type { Metric, Outcome, Scenario } from './scenarios/scenario.ts';

/** One repetition of one scenario on one server. */
export interface Run {
  readonly scenario: string;
  readonly server: string;
  readonly repetition: number;
  readonly outcome: Outcome;
}

/** Markdown: what was measured, a column for each server; then where the limits were. */
export const report = (
  scenarios: readonly Scenario[],
  servers: readonly string[],
  runs: readonly Run[],
): string => {
  const rows = (wanted: (metric: Metric) => boolean) =>
    scenarios.flatMap(scenario =>
      scenario.metrics.flatMap((metric, i) =>
        wanted(metric)
          ? [row(`(${scenario.letter}) ${metric.name}`, servers, s => values(runs, scenario, s, i))]
          : [],
      ),
    );
  const heading = (first: string) => [
    `| ${first} | ${servers.join(' | ')} |`,
    `|---|${servers.map(() => '--:').join('|')}|`,
  ];
  return [
    ...heading('median (min..max)'),
    ...rows(metric => metric.detail === undefined),
    `| lost | ${servers.map(server => tally(runs, server, 'lost')).join(' | ')} |`,
    `| duplicated | ${servers.map(server => tally(runs, server, 'duplicated')).join(' | ')} |`,
    '',
    ...scenarios.map(({ letter, title }) => `(${letter}) ${title}`),
    '',
    ...heading('where the limit was'),
    ...rows(metric => metric.detail === true),
  ].join('\n');
};

/** Everything that makes a benchmark worthless, a line each. */
export const failures = (runs: readonly Run[]): string[] =>
  runs.flatMap(({ scenario, server, repetition, outcome: { count, faults } }) => {
    const where = `(${scenario}) ${server}, repetition ${repetition}:`;
    const lost = count?.lost ? [`${where} LOST ${count.lost} of ${count.expected} deliveries`] : [];
    const again = count?.duplicated ? [`${where} DUPLICATED ${count.duplicated} deliveries`] : [];
    const others = faults.length > 0 ? [`${where} ${faults.length} × broken, the first: ${faults[0]}`] : [];
    return [...lost, ...again, ...others];
  });

const row = (name: string, servers: readonly string[], of: (server: string) => readonly number[]): string =>
  `| ${name} | ${servers.map(server => spread(of(server))).join(' | ')} |`;

const values = (runs: readonly Run[], scenario: Scenario, server: string, metric: number): number[] =>
  runs
    .filter(run => run.scenario === scenario.letter && run.server === server)
    .map(run => run.outcome.values[metric] ?? Number.NaN)
    .sort((a, b) => a - b);

/** @param sorted ascending */
export const spread = (sorted: readonly number[]): string => {
  if (sorted.length === 0 || sorted.some(Number.isNaN)) return '–';
  const at = (i: number) => readable(sorted[i] ?? Number.NaN);
  return `${readable(median(sorted))} (${at(0)}..${at(sorted.length - 1)})`;
};

/** @param sorted ascending */
export const median = (sorted: readonly number[]): number => {
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? Number.NaN;
  return Number.isInteger(half) ? ((sorted[half - 1] ?? Number.NaN) + upper) / 2 : upper;
};

export const readable = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });

const tally = (runs: readonly Run[], server: string, what: 'lost' | 'duplicated'): string => {
  const counts = runs.flatMap(run => (run.server === server ? (run.outcome.count ?? []) : []));
  const sum = (of: 'expected' | 'lost' | 'duplicated') =>
    counts.reduce((total, count) => total + count[of], 0);
  if (counts.length === 0) return '–';
  const text = `${readable(sum(what))} of ${readable(sum('expected'))}`;
  return sum(what) > 0 ? `**${what.toUpperCase()} ${text}**` : text;
};
