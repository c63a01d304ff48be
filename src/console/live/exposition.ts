/** One line of Prometheus's text form. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Lines that are none are passed over. */
export const parseExposition = (text: string): Sample[] =>
  text.split('\n').flatMap(line => {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, key, label]) => [key, label] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });

/** What the samples of a name, with such labels, come to together. */
export const total = (
  samples: readonly Sample[],
  name: string,
  fits: (labels: Sample['labels']) => boolean = () => true,
): number =>
  samples
    .filter(sample => sample.name === `fanfare_${name}` && fits(sample.labels))
    .reduce((sum, { value }) => sum + value, 0);
