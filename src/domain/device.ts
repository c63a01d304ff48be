import type { Branded, UserId } from './ids.ts';

export type DeviceId = Branded<'DeviceId'>;
export const deviceId = (text: string): DeviceId => text as DeviceId;

/** Whose service wakes a device: Apple's, its sandbox for apps in development, Google's, or a browser's own. */
export const PLATFORMS = ['apns', 'apns_sandbox', 'fcm', 'webpush'] as const;
export type Platform = (typeof PLATFORMS)[number];
/** Phones', as against browsers'. */
export type MobilePlatform = Exclude<Platform, 'webpush'>;

/** A phone or a browser that can be told something while nobody looks at it. */
export interface Device {
  readonly id: DeviceId;
  readonly user: UserId;
  readonly platform: Platform;
  /** What the platform gave the app; of `webpush` the PushSubscription as JSON. Whoever has it can wake the device. */
  readonly token: string;
  /** What its owner calls it. */
  readonly label?: string;
  /** ms since 1970 */
  readonly createdAt: number;
  /** When the app last said that it has this token, in ms since 1970. */
  readonly refreshedAt: number;
}

/** One user's. */
export const MAX_DEVICES = 20;

/**
 * What two registrations of one installation share: the token, or a subscription's endpoint, whose keys may change.
 *
 * @param token one that fits the platform
 */
export const installationOf = ({ platform, token }: Pick<Device, 'platform' | 'token'>): string =>
  platform === 'webpush'
    ? `webpush ${(JSON.parse(token) as { endpoint: string }).endpoint}`
    : `${platform} ${token}`;
