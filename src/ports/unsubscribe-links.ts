import type { UserId } from '../domain/ids.ts';

/** What one link turns off. */
export interface Subscription {
  readonly user: UserId;
  readonly category: string;
}

/** Links by which people turn the pushes of a category off without signing in. They grant nothing else. */
export interface UnsubscribeLinks {
  /**
   * @returns nothing where it is not known under which URL people reach the service, or nobody here can sign
   * @throws FanfareError `unavailable` where what signs cannot be had just now
   */
  unsubscribeUrl(user: UserId, category: string): Promise<string | undefined>;

  /**
   * @returns nothing for a token that is not ours, that was changed, or whose time is over
   * @throws FanfareError as above
   */
  read(token: string): Promise<Subscription | undefined>;
}
