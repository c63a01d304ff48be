import { createHash } from 'node:crypto';
import { encryptNotification, vapidHeaders } from '@block65/webcrypto-web-push';
import type { Device } from '../../domain/device.ts';
import { requireToken } from '../../domain/device-token.ts';
import { causeOf } from '../../domain/errors.ts';
import type { Push, PushOutcome } from '../../domain/push.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PushGateway } from '../../ports/push-gateway.ts';
import { appData, MOST_SECONDS, secondsLeft } from '../push/app-data.ts';
import { fitInto } from '../push/fit-into.ts';
import { AddressNotPublic } from './public-addresses.ts';
import type { PushServiceClient, ServiceAnswer } from './push-service-client.ts';
import { isPushService, KNOWN_PUSH_SERVICES } from './push-service-hosts.ts';
import type { Vapid } from './vapid.ts';

export interface WebPushGatewayOptions {
  readonly client: PushServiceClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly vapid: Vapid;
  /** Hosts that are posted to and no others; see `isPushService`. {@link KNOWN_PUSH_SERVICES} when absent. */
  readonly hosts?: readonly string[];
}

/** Of the 4,096 bytes that a service takes (RFC 8030), the header of RFC 8188 takes 86, the tag and a delimiter 17. */
export const MAX_WEB_PUSH_BYTES = 4_096 - 86 - 17;
/** Under the 15 s that the port promises. */
const BUDGET_MS = 10_000;
/** However long a service asks for. */
const LONGEST_WAIT_MS = 86_400_000;

/** By their push services to browsers, encrypted so that none but the browser can read it (RFC 8030, 8291, 8292). */
export class WebPushGateway implements PushGateway {
  readonly #options: WebPushGatewayOptions;

  constructor(options: WebPushGatewayOptions) {
    this.#options = options;
  }

  async push({ platform, token }: Device, push: Push): Promise<PushOutcome> {
    if (platform !== 'webpush') return { status: 'refused', cause: `${platform} is no browser's` };
    const subscription = subscriptionOf(token);
    if (subscription === undefined) return { status: 'dead', reason: 'the token is no subscription' };
    const url = new URL(subscription.endpoint);
    const { hosts = KNOWN_PUSH_SERVICES } = this.#options;
    if (url.protocol !== 'https:' || !isPushService(url, hosts)) {
      return { status: 'refused', cause: `${url.host} is none of the push services that are allowed` };
    }
    const fitted = textOf(push);
    if (!fitted.fits) {
      const cause = `it takes ${fitted.bytes} bytes, and a browser takes ${MAX_WEB_PUSH_BYTES}`;
      return { status: 'refused', cause };
    }
    const body = await encrypted(subscription, fitted.text);
    if (body === undefined) return { status: 'dead', reason: "the subscription's keys are none" };
    return this.#post(url, subscription, push, body);
  }

  async #post(url: URL, subscription: Subscription, push: Push, body: Uint8Array): Promise<PushOutcome> {
    const { client, vapid, clock } = this.#options;
    try {
      const { headers: identity } = await vapidHeaders({ ...subscription, expirationTime: null }, vapid);
      const headers = { ...identity, ...headersOf(push, body, clock.now()) };
      return this.#outcomeOf(url, await client.post(url, headers, body, AbortSignal.timeout(BUDGET_MS)));
    } catch (error) {
      if (error instanceof AddressNotPublic) return { status: 'refused', cause: error.message };
      return { status: 'failed', cause: `${url.host}: ${causeOf(error)}` };
    }
  }

  #outcomeOf({ host }: URL, { status, retryAfter, text }: ServiceAnswer): PushOutcome {
    const { clock, logger } = this.#options;
    const cause = `${host} answered ${status}${text === '' ? '' : `: ${text}`}`;
    if (status >= 200 && status < 300) return { status: 'delivered' };
    if (status === 404 || status === 410) return { status: 'dead', reason: cause };
    if (status === 429 || status >= 500) {
      const retryAfterMs = retryAfterOf(retryAfter, clock.now());
      return { status: 'failed', cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    }
    // Ours: the keys, their signature, or what was made of RFC 8030.
    if (status !== 413) logger.error('push.refused', { platform: 'webpush', cause });
    return { status: 'refused', cause };
  }
}

interface Subscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

const subscriptionOf = (token: string): Subscription | undefined => {
  try {
    return JSON.parse(requireToken('webpush', token)) as Subscription;
  } catch {
    return undefined;
  }
};

/** What a service worker finds in `event.data.json()`. */
const textOf = (push: Push) =>
  push.kind === 'withdraw'
    ? whole(JSON.stringify({ kind: push.kind, collapseIds: push.collapseIds, badge: push.badge }))
    : fitInto(push, MAX_WEB_PUSH_BYTES, said =>
        JSON.stringify({
          kind: push.kind,
          title: push.notification.title,
          ...(said.body === undefined ? {} : { body: said.body }),
          ...appData(push, said),
          badge: push.badge,
        }),
      );

const whole = (text: string) => {
  const bytes = Buffer.byteLength(text);
  return bytes > MAX_WEB_PUSH_BYTES ? ({ fits: false, bytes } as const) : ({ fits: true, text } as const);
};

/** Undefined for keys of the right length that are no point of the curve. */
const encrypted = async (subscription: Subscription, text: string): Promise<Uint8Array | undefined> => {
  try {
    return await encryptNotification(
      { ...subscription, expirationTime: null },
      new TextEncoder().encode(text),
    );
  } catch {
    return undefined;
  }
};

const headersOf = (push: Push, body: Uint8Array, nowMs: number): Record<string, string> => ({
  'content-type': 'application/octet-stream',
  'content-encoding': 'aes128gcm',
  'content-length': String(body.byteLength),
  ttl: String(push.kind === 'alert' ? secondsLeft(push, nowMs) : MOST_SECONDS),
  urgency: push.kind === 'alert' ? push.notification.priority : 'normal',
  ...topicOf(push),
});

/** What the service still holds under a topic, the next one replaces: an alert, and also the taking back of one. */
const topicOf = (push: Push): { readonly topic?: string } => {
  const [collapseId, ...others] = push.kind === 'alert' ? [push.collapseId] : push.collapseIds;
  if (collapseId === undefined || others.length > 0) return {};
  // RFC 8030: up to 32 characters of base64url.
  return { topic: createHash('sha256').update(collapseId).digest('base64url').slice(0, 32) };
};

/** RFC 9110: seconds, or a date. */
const retryAfterOf = (value: string | undefined, nowMs: number): number | undefined => {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_WAIT_MS) : undefined;
};
