import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { UserId } from '../../domain/ids.ts';
import { isName, userId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Subscription, UnsubscribeLinks } from '../../ports/unsubscribe-links.ts';
import { once } from './once.ts';

export interface SignedUnsubscribeLinksOptions {
  /**
   * Asked for when it is first needed; nobody here signs without it. It may sign tokens as well: its key for links is
   * another, so that neither passes for the other.
   */
  readonly secret?: (() => Promise<string>) | undefined;
  /** Under which people reach the service. */
  readonly publicUrl: URL | undefined;
  readonly clock: Clock;
}

const PATH = 'v1/unsubscribe/';

/** As long as a push may be found on a phone. */
const LIFE_MS = 90 * 86_400_000;

/** Of the longest names that there are. */
const MAX_TOKEN_CHARACTERS = 512;

/** Names and numbers, in the shortest that a URL takes. */
const content = z.tuple([z.string().refine(isName), z.string().max(64), z.int()]);

/** Links whose token carries what it is for, signed (HMAC with SHA-256): so nothing is kept of it. */
export class SignedUnsubscribeLinks implements UnsubscribeLinks {
  readonly #key: () => Promise<Buffer | undefined>;
  readonly #base: string | undefined;
  readonly #clock: Clock;

  constructor({ secret, publicUrl, clock }: SignedUnsubscribeLinksOptions) {
    this.#key = once(async () => secret && keyOf(await secret()));
    this.#base = publicUrl && new URL(PATH, withSlash(publicUrl)).href;
    this.#clock = clock;
  }

  async unsubscribeUrl(user: UserId, category: string): Promise<string | undefined> {
    if (this.#base === undefined) return undefined;
    const key = await this.#key();
    if (key === undefined) return undefined;
    const expiresAt = Math.ceil((this.#clock.now() + LIFE_MS) / 1_000);
    const text = Buffer.from(JSON.stringify([user, category, expiresAt])).toString('base64url');
    return `${this.#base}${text}.${sign(key, text).toString('base64url')}`;
  }

  async read(token: string): Promise<Subscription | undefined> {
    if (token.length > MAX_TOKEN_CHARACTERS) return undefined;
    const [text, signature, ...rest] = token.split('.');
    if (text === undefined || signature === undefined || rest.length > 0) return undefined;
    const key = await this.#key();
    if (key === undefined) return undefined;
    const [given, ours] = [Buffer.from(signature, 'base64url'), sign(key, text)];
    if (given.length !== ours.length || !timingSafeEqual(given, ours)) return undefined;
    const [user, category, expiresAt] = content.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return expiresAt * 1_000 > this.#clock.now() ? { user: userId(user), category } : undefined;
  }
}

const keyOf = (secret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', 'fanfare unsubscribe links', 32));

const sign = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** So that a path is added to, not replaced. */
const withSlash = (url: URL): URL => new URL(url.href.endsWith('/') ? url.href : `${url.href}/`);
