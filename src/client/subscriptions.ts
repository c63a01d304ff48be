import type { Refusal } from './errors.ts';
import { FanfareError, refusal } from './errors.ts';
import type { Taker } from './feed.ts';
import { Feed } from './feed.ts';
import type { Link } from './link.ts';
import type { History, Message, Position, Unrecoverable } from './messages.ts';
import type { Runtime } from './runtime.ts';
import { backOffMs, pause } from './runtime.ts';
import type { Subscribed } from './sequencer.ts';

/** Channels in one frame: fewer than the protocol's 100, so that it stays under 32 KB whatever their names. */
const CHANNELS_AT_ONCE = 50;
/** A message that was overtaken gets so long to arrive before it is asked for. */
const GRACE_MS = 100;
const HISTORY_PAGE = 300;

interface SubscriptionsParts {
  readonly runtime: Runtime;
  /** Those that take requests, the one in use first. */
  readonly links: () => readonly Link[];
  readonly unrecoverable: (gap: Unrecoverable) => void;
  readonly error: (error: unknown) => void;
}

/** Follows the application's channels on whatever link there is, and asks for what is missing. */
export class Subscriptions {
  readonly #parts: SubscriptionsParts;
  readonly #feeds = new Map<string, Feed>();
  #ended: { readonly error?: Error } | undefined;
  /** To be followed at the end of this turn, in one frame. */
  #joining: Feed[] = [];
  /** Being unfollowed: a subscription must not overtake it. */
  readonly #leaving = new Map<string, Promise<unknown>>();

  constructor(parts: SubscriptionsParts) {
    this.#parts = parts;
  }

  find(channel: string): Feed | undefined {
    return this.#feeds.get(channel);
  }

  /** @throws FanfareError `conflict` for a `since` of a channel that is followed already: it has one place */
  add(channel: string, taker: Taker, since?: Position): Feed {
    const known = this.#feeds.get(channel);
    if (known && since)
      throw new FanfareError('conflict', `${channel} is followed already; since comes too late`);
    const feed = known ?? new Feed(channel, since, this.#parts.unrecoverable);
    feed.takers.add(taker);
    const ended = this.#ended;
    if (ended) queueMicrotask(() => feed.end(ended.error));
    else if (!known) {
      this.#feeds.set(channel, feed);
      if (this.#joining.push(feed) === 1) queueMicrotask(() => this.#join());
    }
    return feed;
  }

  remove(feed: Feed, taker: Taker): void {
    if (!feed.takers.delete(taker)) return;
    this.resume(feed, taker);
    taker.end();
    const { channel } = feed;
    if (feed.takers.size > 0 || this.#feeds.get(channel) !== feed) return;
    this.#feeds.delete(channel);
    feed.end(new FanfareError('closed', 'unsubscribed'));
    // A link that was lost follows nothing, and whoever is still told passes over it.
    const answers = this.#parts.links().map(link => link.request({ action: 'unsubscribe', channel }));
    const left = Promise.allSettled(answers).then(() => {
      if (this.#leaving.get(channel) === left) this.#leaving.delete(channel);
    });
    this.#leaving.set(channel, left);
  }

  push(message: Message): void {
    const feed = this.#feeds.get(message.channel);
    feed?.push(message);
    if (feed) this.#watch(feed);
  }

  /** The taker has room again. */
  resume(feed: Feed, taker: Taker): void {
    feed.setFull(taker, false);
    this.#watch(feed);
  }

  /** Follows everything on a link, each channel from its place; done when nothing is missing, or the link is lost. */
  follow(link: Link): Promise<void> {
    return this.#sync(link, [...this.#feeds.values()]);
  }

  /** For good: whoever comes later is told the same. */
  end(error?: Error): void {
    this.#ended = { error };
    for (const feed of this.#feeds.values()) feed.end(error);
    this.#feeds.clear();
  }

  #join(): void {
    const feeds = this.#joining.filter(feed => this.#feeds.get(feed.channel) === feed);
    this.#joining = [];
    for (const link of this.#parts.links()) void this.#sync(link, feeds);
  }

  async #sync(link: Link, feeds: readonly Feed[]): Promise<void> {
    for (const feed of feeds) feed.asking = link;
    await Promise.all(feeds.map(({ channel }) => this.#leaving.get(channel)));
    const rounds: Promise<unknown>[] = [];
    for (let start = 0; start < feeds.length; start += CHANNELS_AT_ONCE) {
      rounds.push(this.#ask(link, feeds.slice(start, start + CHANNELS_AT_ONCE)));
    }
    await Promise.all(rounds);
  }

  async #ask(link: Link, feeds: readonly Feed[]): Promise<void> {
    const channels = feeds.map(({ channel, sequencer }) => ({ channel, since: sequencer.ask() }));
    const outcomes = await link
      .request<{ channels: Outcome[] }>({ action: 'subscribe', channels })
      .then(answer => answer.channels, failed);
    await Promise.all(
      feeds.map((feed, index) =>
        this.#settle(
          link,
          feed,
          channels[index]?.since,
          Array.isArray(outcomes) ? outcomes[index] : outcomes,
        ),
      ),
    );
  }

  /** Goes on asking until nothing is missing. */
  async #settle(
    link: Link,
    feed: Feed,
    asked: Position | undefined,
    first: Outcome | undefined,
  ): Promise<void> {
    const { sequencer, channel } = feed;
    let outcome = first;
    for (let vain = 0; outcome && feed.asking === link; vain++) {
      const before = sequencer.position;
      if ('error' in outcome) {
        const error = refusal(outcome.error);
        sequencer.miss();
        if (error.code === 'disconnected') break;
        if (!error.retryable) return this.#refuse(feed, error);
        await this.#pause(vain, error.retryAfterMs);
      } else if (feed.paused) {
        sequencer.miss();
        break;
      } else {
        const historyNeeded = sequencer.answer(asked, outcome);
        feed.ready.resolve(outcome.position);
        if (historyNeeded) await this.#readHistory(link, feed, outcome.position.offset);
        if (!sequencer.behind) break;
        if (sequencer.position !== before) vain = 0;
        else await this.#pause(vain);
      }
      asked = sequencer.ask();
      outcome = await link.request<Subscribed>({ action: 'subscribe', channel, since: asked }).catch(failed);
    }
    if (feed.asking === link) {
      feed.asking = undefined;
      this.#watch(feed);
    }
  }

  /** Reads on, page by page; what may not be read is skipped. */
  async #readHistory(link: Link, { sequencer, channel }: Feed, upTo: number): Promise<void> {
    const place = () => sequencer.position?.offset ?? upTo;
    try {
      for (let before = -1; place() < upTo && place() > before; ) {
        before = place();
        const query = { action: 'history', channel, after: before, limit: HISTORY_PAGE };
        sequencer.page(await link.request<History>(query));
      }
    } catch (error) {
      // Whatever else went wrong, the next round finds out.
      if (error instanceof FanfareError && error.code === 'forbidden') sequencer.skip(upTo, 'forbidden');
    }
  }

  #refuse(feed: Feed, error: FanfareError): void {
    if (this.#feeds.get(feed.channel) !== feed) return;
    this.#feeds.delete(feed.channel);
    feed.end(error);
    this.#parts.error(error);
  }

  /** What is missing is asked for, unless it comes by itself, or is being asked for. */
  #watch(feed: Feed): void {
    const due = () => feed.sequencer.behind && !feed.asking && !feed.paused;
    if (feed.watched || !due()) return;
    feed.watched = true;
    this.#parts.runtime.after(GRACE_MS, () => {
      feed.watched = false;
      const [link] = this.#parts.links();
      if (link && due() && this.#feeds.get(feed.channel) === feed) void this.#sync(link, [feed]);
    });
  }

  #pause(failures: number, ms = backOffMs(this.#parts.runtime, failures)): Promise<void> {
    return pause(this.#parts.runtime, ms);
  }
}

type Outcome = Subscribed | { readonly channel: string; readonly error: Refusal };

/** No answer, as the answer about each channel. */
const failed = (error: FanfareError): { channel: string; error: Refusal } => ({ channel: '', error });
