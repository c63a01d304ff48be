import { FanfareError } from '../../domain/errors.ts';

/** The tag of one version of something (RFC 9110, 8.8.3). */
export const tagOf = (version: number): string => `"${version}"`;

/** What a precondition names: any version, or some. */
export type NamedVersions = '*' | readonly number[];

const LIST = /^\s*((W\/)?"[^"]*")(\s*,\s*(W\/)?"[^"]*")*\s*$/;

/** So many tags of a list are looked at. */
const MAX_TAGS = 10;

/**
 * The versions of an `If-Match`, which compares strongly: what is weak, or no tag of ours, is of no version.
 *
 * @throws FanfareError `invalid` for what is no list of tags
 */
export const readIfMatch = (header: string | undefined): NamedVersions | undefined =>
  read('If-Match', header, tag => !tag.startsWith('W/'));

/** The versions of an `If-None-Match`, which compares weakly. @throws FanfareError `invalid` */
export const readIfNoneMatch = (header: string | undefined): NamedVersions | undefined =>
  read('If-None-Match', header, () => true);

const read = (
  name: string,
  header: string | undefined,
  counts: (tag: string) => boolean,
): NamedVersions | undefined => {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  if (!LIST.test(header))
    throw new FanfareError('invalid', 'expected * or entity tags such as "3"', { field: name });
  const tags = header.match(/(W\/)?"[^"]*"/g) ?? [];
  return tags
    .slice(0, MAX_TAGS)
    .filter(counts)
    .map(tag => /"(\d{1,15})"$/.exec(tag)?.[1])
    .filter(version => version !== undefined)
    .map(Number);
};
