import type { User } from '../domain/user.ts';
import { isoOf } from './iso-time.ts';

/** A user in the words of the wire. */
export const viewUser = ({ createdAt, updatedAt, ...user }: User) => ({
  ...user,
  createdAt: isoOf(createdAt),
  updatedAt: isoOf(updatedAt),
});
