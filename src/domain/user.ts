import type { UserId } from './ids.ts';

/** What a person, or who knows them, says of them. */
export interface Profile {
  /** An IANA name: where their days begin. */
  readonly timeZone?: string;
  /** A BCP 47 tag. */
  readonly locale?: string;
  readonly name?: string;
}

/** Someone of whom more is known than a name in a token. Times are ms since 1970. */
export interface User extends Profile {
  readonly id: UserId;
  readonly createdAt: number;
  readonly updatedAt: number;
}
