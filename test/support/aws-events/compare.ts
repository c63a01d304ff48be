/** What a text looks like; the first that matches. */
const FORMATS: readonly (readonly [string, RegExp])[] = [
  ['empty', /^$/],
  ['time of the common log format', /^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/],
  ['id of API Gateway', /^[A-Za-z0-9_-]{15}=$/],
  ['UUID', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/],
  ['MD5', /^[\da-f]{32}$/],
  ['IPv4 address', /^\d{1,3}(\.\d{1,3}){3}$/],
  ['trace id', /^Root=1-[\da-f]{8}-[\da-f]{24}$/],
  ['ARN', /^arn:aws:[a-z]+:[a-z\d-]+:\d{12}:.+$/],
  ['account', /^\d{12}$/],
  ['ms since 1970, as text', /^\d{13}$/],
  ['number, as text', /^\d+$/],
  ['JSON', /^\{.*\}$/s],
];

const formatOf = (value: unknown): string => {
  if (typeof value === 'number') return value > 1e12 ? 'ms since 1970' : typeof value;
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  return FORMATS.find(([, pattern]) => pattern.test(value))?.[0] ?? 'text';
};

/** Each member of an event by its path, and what it holds. Of an array, its first entry stands for all. */
const shapeOf = (value: unknown, path = ''): ReadonlyMap<string, string> => {
  if (Array.isArray(value)) return new Map([[path, 'list'], ...shapeOfFirst(value, path)]);
  if (typeof value !== 'object' || value === null) return new Map([[path, formatOf(value)]]);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const below = members.flatMap(([name, member]) => [
    ...shapeOf(member, path === '' ? name : `${path}.${name}`),
  ]);
  return new Map(below);
};

const shapeOfFirst = (list: readonly unknown[], path: string) =>
  list.length === 0 ? [] : [...shapeOf(list[0], `${path}[]`)];

/** Where an event differs from the documented one: what is missing, what is more, and what is of another format. */
export const differences = (event: unknown, documented: unknown): string[] => {
  const [ours, theirs] = [shapeOf(event), shapeOf(documented)];
  const missing = [...theirs].filter(([path]) => !ours.has(path)).map(([path]) => `${path}: missing`);
  const other = [...ours]
    .filter(([path, format]) => theirs.get(path) !== format)
    .map(([path, format]) => `${path}: ${format} instead of ${theirs.get(path) ?? 'nothing'}`);
  return [...missing, ...other].sort();
};
