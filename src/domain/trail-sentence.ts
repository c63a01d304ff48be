import type { Platform } from './device.ts';
import type { Branded } from './ids.ts';
import type { DeviceOutcome, TrailEventIn } from './trail.ts';

/** What is told of an event, whether of the domain or of the wire: ids are any text, and times ms or ISO 8601. */
export type Told = Plain<TrailEventIn<number | string>>;

/** Branded strings become plain ones; the kinds stay what they are. */
type Plain<Event> = Event extends object
  ? { readonly [Name in keyof Event]: PlainValue<Event[Name]> }
  : never;
type PlainValue<Value> =
  Value extends Branded<string>
    ? string
    : Value extends readonly (infer Item)[]
      ? readonly PlainValue<Item>[]
      : Value;

export interface Telling {
  /** Whom it concerns; absent for a whole channel. */
  readonly user?: string | undefined;
  /** When it happened, in ms or ISO 8601. */
  readonly at: number | string;
  /** By whose clock the reader reads: an IANA name. */
  readonly timeZone: string;
}

/** What happened, for somebody who was not there and knows nothing of how it works. */
export const sentenceOf = (told: Told, telling: Telling): string => {
  const who = telling.user ?? 'somebody';
  switch (told.kind) {
    case 'received':
      return receivedSentence(told);
    case 'kept-from-screens':
      return `kept from screens and inbox: ${who} wants none of this category there`;
    case 'posted':
      return postedSentence(told, telling.user);
    case 'posting-gave-up':
      return `gave up on ${screens(told.connections)}${of(telling.user)}: ${told.cause}`;
    case 'shown':
      return `a screen of ${who} showed it`;
    case 'read':
      return `${who} read it`;
    case 'unread':
      return `${who} marked it as unread`;
    case 'archived':
      return `${who} archived it`;
    case 'unarchived':
      return `${who} took it back from the archive`;
    case 'push-planned':
      return isAtOnce(told, telling)
        ? 'phones are due at once'
        : `phones are due at ${timeOf(told.dueAt, telling, true)} unless a screen shows it before`;
    case 'push-decided':
      return decisionSentence(told, telling);
    case 'device':
      return `${DEVICE[told.outcome](PLATFORM[told.platform])}${tries(told.attempt)}${because(told.cause)}`;
    case 'expired':
      return 'it expired: nobody need be told any more';
  }
};

const isAtOnce = ({ dueAt }: Of<'push-planned'>, { at }: Telling): boolean =>
  new Date(dueAt).getTime() <= new Date(at).getTime();

type Of<Kind extends Told['kind']> = Extract<Told, { kind: Kind }>;

const receivedSentence = ({ from, channel, title, category, priority }: Of<'received'>): string => {
  const what = title === undefined ? 'something private' : `“${title}”`;
  const traits = [category, priority === 'normal' ? undefined : `${priority} priority`].filter(Boolean);
  return `${from} sent ${what} to ${channel}${traits.length > 0 ? ` (${traits.join(', ')})` : ''}`;
};

const postedSentence = (
  { delivered, gone, throttled, failed, attempt }: Of<'posted'>,
  user: string | undefined,
): string => {
  const rest = [
    gone > 0 && `${gone} ${were(gone)} gone`,
    throttled > 0 && `${throttled} ${were(throttled)} too busy`,
    failed > 0 && `${failed} failed`,
  ].filter(Boolean);
  if (delivered === 0 && rest.length === 0)
    return user === undefined ? 'nobody was connected' : `no screen of ${user} was connected`;
  const reached =
    delivered === 0 ? `reached no screen${of(user)}` : `posted to ${screens(delivered)}${of(user)}`;
  return `${reached}${tries(attempt)}${rest.length > 0 ? `; ${rest.join(', ')}` : ''}`;
};

const decisionSentence = (told: Of<'push-decided'>, telling: Telling): string => {
  const { decision, rule, until, devices } = told;
  switch (decision) {
    case 'push':
      return `${PUSHED[rule] ?? rule}: ${counted(devices ?? 0, 'phone')} ${(devices ?? 0) === 1 ? 'is' : 'are'} told`;
    case 'hold':
      return until === undefined
        ? `${HELD[rule] ?? rule}: held`
        : `${HELD[rule] ?? rule} until ${timeOf(until, telling)}: held`;
    case 'digest':
      return `${COLLECTED[rule] ?? rule}: it waits for the digest${until === undefined ? '' : ` of ${timeOf(until, telling)}`}`;
    case 'drop':
      return `no phone is told: ${DROPPED[rule] ?? rule}`;
  }
};

const PUSHED: Readonly<Record<string, string>> = {
  allowed: 'nobody had acknowledged it',
  urgent: 'it is urgent',
  digest: 'the digest is due',
};

const HELD: Readonly<Record<string, string>> = {
  'quiet-hours': 'quiet hours',
  digest: 'a digest, and it is in no inbox',
  capped: 'enough pushes for now',
};

const COLLECTED: Readonly<Record<string, string>> = {
  digest: 'collected',
  capped: 'enough pushes for now',
};

const DROPPED: Readonly<Record<string, string>> = {
  seen: 'it had been seen',
  expired: 'it had expired',
  erased: 'it was no longer in the inbox',
  replaced: 'a newer one had replaced it',
  capped: 'there were enough pushes already',
  muted: 'muted',
  'push-off': 'push is switched off',
  'no-device': 'no phone or browser is registered',
};

const DEVICE: Readonly<Record<DeviceOutcome, (device: string) => string>> = {
  delivered: device => `${device} was told`,
  retried: device => `${device} could not be told yet, and is tried again`,
  dead: device => `${device} is no longer there, and was forgotten`,
  refused: device => `the push to ${device} was refused`,
  'gave-up': device => `gave up on ${device}`,
  withdrawn: device => `taken back from ${device}`,
};

const PLATFORM: Readonly<Record<Platform, string>> = {
  apns: 'an iPhone',
  apns_sandbox: 'an iPhone (sandbox)',
  fcm: 'an Android phone',
  webpush: 'a browser',
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
const screens = (count: number): string => counted(count, 'screen');
const were = (count: number): string => (count === 1 ? 'was' : 'were');
const of = (user: string | undefined): string => (user === undefined ? '' : ` of ${user}`);
const tries = (attempt: number): string => (attempt === 0 ? '' : ` (try ${attempt + 1})`);
const because = (cause: string | undefined): string => (cause === undefined ? '' : `: ${cause}`);

/** With the day where it is another than that of the telling. */
const timeOf = (time: number | string, { at, timeZone }: Telling, withSeconds = false): string => {
  const format = (options: Intl.DateTimeFormatOptions, when: number | string): string =>
    new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(new Date(when));
  const day = { weekday: 'short', day: 'numeric', month: 'short' } as const;
  const clock = format(
    { hour: '2-digit', minute: '2-digit', ...(withSeconds ? { second: '2-digit' } : {}) },
    time,
  );
  const isSameDay = format({ ...day, year: 'numeric' }, time) === format({ ...day, year: 'numeric' }, at);
  return `${isSameDay ? '' : `${format(day, time)}, `}${clock}${withSeconds ? '' : ` ${timeZone}`}`;
};
