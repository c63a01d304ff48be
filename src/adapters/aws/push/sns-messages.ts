import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import type { MobilePlatform } from '../../../domain/device.ts';
import type { AlertPush, Push, WithdrawPush } from '../../../domain/push.ts';
import { appData, secondsLeft } from '../../push/app-data.ts';
import type { Wording } from '../../push/fit-into.ts';
import { fitInto } from '../../push/fit-into.ts';

/** By the names of `Publish`'s parameters. */
export interface SnsMessage {
  readonly Message: string;
  readonly MessageAttributes: Record<string, MessageAttributeValue>;
}

/** Apple's and Google's limit alike. */
export const MAX_PAYLOAD_BYTES = 4_096;
/** RFC 7540's header values, and Apple's limit of apns-collapse-id. */
const HEADER_VALUE = /^[\x21-\x7e]{1,64}$/;

/** What is published to an endpoint of the platform; of what does not fit, how many bytes it would take. */
export const snsMessage = (
  platform: MobilePlatform,
  push: Push,
  nowMs: number,
): SnsMessage | { readonly tooLarge: number } => {
  if (push.kind === 'withdraw') {
    const text = platform === 'fcm' ? fcmWithdrawal(push) : apnsWithdrawal(push);
    const bytes = Buffer.byteLength(text);
    return bytes > MAX_PAYLOAD_BYTES ? { tooLarge: bytes } : message(platform, text, withdrawing(platform));
  }
  const seconds = secondsLeft(push, nowMs);
  const fitted = fitInto(push, MAX_PAYLOAD_BYTES, said =>
    platform === 'fcm' ? fcmAlert(push, said, seconds) : apnsAlert(push, said),
  );
  return fitted.fits
    ? message(platform, fitted.text, alerting(platform, push, seconds))
    : { tooLarge: fitted.bytes };
};

/** Under what a phone of Apple's knows an alert, to replace it and to take it back. */
const appleId = (collapseId: string): string =>
  HEADER_VALUE.test(collapseId) ? collapseId : createHash('sha256').update(collapseId).digest('base64url');

const apnsAlert = (push: AlertPush, said: Wording): string => {
  const { title, category } = push.notification;
  const { body } = said;
  return JSON.stringify({
    aps: {
      alert: { title, ...(body === undefined ? {} : { body }) },
      badge: push.badge,
      sound: 'default',
      ...(category === undefined ? {} : { 'thread-id': category }),
    },
    fanfare: { ...appData(push, said), collapseId: appleId(push.collapseId) },
  });
};

/** Wakes the app without a word. Apple allows no badge here; the app sets it. */
const apnsWithdrawal = ({ collapseIds, badge }: WithdrawPush): string =>
  JSON.stringify({
    aps: { 'content-available': 1 },
    fanfare: { withdraw: collapseIds.map(appleId), badge },
  });

/** Shown by the system under its tag while the app is not in front. Of `data`, Google takes nothing but strings. */
const fcmAlert = (push: AlertPush, said: Wording, seconds: number): string => {
  const { title } = push.notification;
  const { body } = said;
  return fcm({
    notification: { title, ...(body === undefined ? {} : { body }) },
    data: { fanfare: JSON.stringify({ ...appData(push, said), badge: push.badge }) },
    android: {
      priority: isPressing(push) ? 'HIGH' : 'NORMAL',
      ttl: `${seconds}s`,
      collapse_key: push.collapseId,
      notification: { tag: push.collapseId, notification_count: push.badge },
    },
  });
};

/** For the app alone, which cancels what stands under these tags. */
const fcmWithdrawal = ({ collapseIds, badge }: WithdrawPush): string =>
  fcm({
    data: { fanfare: JSON.stringify({ withdraw: collapseIds, badge }) },
    android: { priority: 'NORMAL' },
  });

const fcm = (sent: object): string => JSON.stringify({ fcmV1Message: { message: sent } });

/** Whether it may wake a sleeping phone; what has a low priority waits until the phone wakes by itself. */
const isPressing = ({ notification }: AlertPush): boolean => notification.priority !== 'low';

const alerting = (platform: MobilePlatform, push: AlertPush, seconds: number): Attributes => ({
  [`${TTL_NAMES[platform]}.TTL`]: String(seconds),
  ...(platform === 'fcm'
    ? {}
    : {
        'APNS.PUSH_TYPE': 'alert',
        'APNS.PRIORITY': isPressing(push) ? '10' : '5',
        'APNS.COLLAPSE_ID': appleId(push.collapseId),
      }),
});

/** A background push is sent with priority 5, or Apple refuses it. */
const withdrawing = (platform: MobilePlatform): Attributes =>
  platform === 'fcm' ? {} : { 'APNS.PUSH_TYPE': 'background', 'APNS.PRIORITY': '5' };

type Attributes = Readonly<Record<string, string>>;

const TTL_NAMES = { apns: 'APNS', apns_sandbox: 'APNS_SANDBOX', fcm: 'FCM' } as const;
const STRUCTURE_NAMES = { apns: 'APNS', apns_sandbox: 'APNS_SANDBOX', fcm: 'GCM' } as const;

const message = (platform: MobilePlatform, text: string, attributes: Attributes): SnsMessage => ({
  // SNS wants a default, and never sends it where there is one for the platform.
  Message: JSON.stringify({ default: 'Fanfare', [STRUCTURE_NAMES[platform]]: text }),
  MessageAttributes: Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      `AWS.SNS.MOBILE.${name}`,
      { DataType: 'String', StringValue: value },
    ]),
  ),
});
