import { Fanfare } from 'fanfare/client';
import type { FanfareServer } from '../run.ts';

/** New watchers a second: API Gateway, and the local gateway with it, takes 500. */
const PER_SECOND = 400;

/** Many who watch, each with a client and a token of its own. */
export class Crowd {
  readonly #size: number;
  #connected = 0;
  #goals = 0;
  #since = 0;
  /** Who has the newest score, and how long it took the slowest, in ms. */
  #upToDate = 0;
  #slowestMs = 0;

  constructor(size: number, channel: string, fanfare: FanfareServer) {
    this.#size = size;
    for (let index = 0; index < size; index++) {
      setTimeout(() => this.#watch(index, channel, fanfare), (index * 1_000) / PER_SECOND);
    }
  }

  /** From now on, whoever has heard of so many goals is up to date. */
  expect(goals: number): void {
    this.#goals = goals;
    this.#since = performance.now();
    this.#upToDate = this.#slowestMs = 0;
  }

  get report() {
    const [size, connected] = [this.#size, this.#connected];
    return { size, connected, upToDate: this.#upToDate, slowestMs: this.#slowestMs };
  }

  #watch(index: number, channel: string, fanfare: FanfareServer): void {
    const client = new Fanfare({
      url: fanfare.socketUrl,
      getToken: () => fanfare.token(`watcher-${index}`, { [channel]: ['subscribe'] }),
    });
    const { ready } = client.channel(channel).subscribe(({ notification }) => {
      if (notification === undefined) return;
      const { home, away } = notification.data as { home: number; away: number };
      if (home + away !== this.#goals) return;
      this.#upToDate += 1;
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - this.#since);
    });
    void ready.then(() => {
      this.#connected += 1;
    });
  }
}
