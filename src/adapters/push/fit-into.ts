import type { Json } from '../../domain/message.ts';
import type { AlertPush } from '../../domain/push.ts';

/** What an alert says besides its title, as far as there is room. */
export interface Wording {
  readonly body?: string;
  readonly data?: Json;
  /** The notification has data, which the app finds in the inbox. */
  readonly dataLeftOut?: true;
}

export type Fitted =
  | { readonly fits: true; readonly text: string }
  /** What would have to be sent at the least, in bytes. */
  | { readonly fits: false; readonly bytes: number };

/** Three bytes, and one of whatever script. */
const ELLIPSIS = '…';

/**
 * Says as much as there is room for. What is too much is taken in this order: the data, which the app can look up; then
 * the end of the body, between two characters as a reader counts them.
 *
 * @param render gives the text as it is sent; a longer body must never make a shorter text
 */
export const fitInto = (
  { notification: { body, data } }: AlertPush,
  maxBytes: number,
  render: (wording: Wording) => string,
): Fitted => {
  const whole = render({ body, data });
  if (bytesOf(whole) <= maxBytes) return { fits: true, text: whole };
  const rest: Wording = data === undefined ? {} : { dataLeftOut: true };
  const shorter =
    body === undefined ? undefined : longestBody(body, maxBytes, cut => render({ ...rest, ...cut }));
  if (shorter !== undefined) return { fits: true, text: shorter };
  const least = render(rest);
  const bytes = bytesOf(least);
  return bytes <= maxBytes ? { fits: true, text: least } : { fits: false, bytes };
};

/** The text with as much of the body as fits; undefined where none does. */
const longestBody = (
  body: string,
  maxBytes: number,
  render: (cut: { readonly body: string }) => string,
): string | undefined => {
  const whole = render({ body });
  if (bytesOf(whole) <= maxBytes) return whole;
  // A character takes a byte at the least, so that the last of these never fits.
  const characters = Array.from(SEGMENTER.segment(body.slice(0, maxBytes)), ({ segment }) => segment);
  let text: string | undefined;
  for (let [some, most] = [1, characters.length - 1]; some <= most; ) {
    const tried = (some + most) >> 1;
    const cut = render({ body: characters.slice(0, tried).join('').trimEnd() + ELLIPSIS });
    if (bytesOf(cut) <= maxBytes) [text, some] = [cut, tried + 1];
    else most = tried - 1;
  }
  return text;
};

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const bytesOf = (text: string): number => Buffer.byteLength(text);
