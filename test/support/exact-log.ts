import assert from 'node:assert/strict';
import type { Channel, Message, Position, Unrecoverable } from '../../src/client/index.ts';
import type { ModelLog } from './model-log.ts';

export type Told = Message | Unrecoverable;
const isGap = (told: Told): told is Unrecoverable => 'reason' in told;

/** One subscription, and everything that it was told, in its order. */
export class Follower {
  readonly told: Told[] = [];
  start: Position | undefined;
  readonly #unsubscribe: () => void;
  ended = false;

  constructor(channel: Channel, since?: Position) {
    this.start = since;
    const { ready, unsubscribe } = channel.subscribe(message => this.told.push(message), { since });
    this.#unsubscribe = unsubscribe;
    ready.then(
      position => {
        this.start ??= position;
      },
      () => {},
    );
  }

  get messages(): Message[] {
    return this.told.filter(one => !isGap(one)) as Message[];
  }

  get sawGap(): boolean {
    return this.told.some(isGap);
  }

  end(): void {
    this.ended = true;
    this.#unsubscribe();
  }

  /** All of the log from where it was subscribed, or some way there for one who left. */
  requireExact(log: ModelLog): void {
    const end = this.start && requireExactLog(this.told, this.start, log);
    if (this.ended) assert(end || this.told.length === 0, 'told before it was subscribed');
    else assert.deepEqual(end, log.position);
  }
}

/**
 * Each place of the log once, in order; and what was not had was said to be lost, and is.
 *
 * @returns the last place that was told
 */
export const requireExactLog = (told: readonly Told[], start: Position, log: ModelLog): Position => {
  let place = start;
  for (const one of told) place = isGap(one) ? afterGap(one, place, log) : afterMessage(one, place, log);
  return place;
};

const afterGap = ({ from, to, reason }: Unrecoverable, place: Position, log: ModelLog): Position => {
  assert.deepEqual(from, place);
  if (reason === 'trimmed') {
    assert.equal(to.epoch, place.epoch);
    assert(to.offset > place.offset && log.at(to).trimmed, 'told lost what is kept');
  } else {
    assert.equal(reason, 'epoch');
    // Epochs of the model are e0, e1, …: a client must not go back to one that is over.
    assert(Number(to.epoch.slice(1)) > Number(place.epoch.slice(1)), 'went back to an earlier epoch');
    assert.equal(to.offset, 0);
  }
  return to;
};

const afterMessage = ({ epoch, offset, data }: Message, place: Position, log: ModelLog): Position => {
  assert.deepEqual({ epoch, offset }, { epoch: place.epoch, offset: place.offset + 1 });
  assert.equal(data, log.at({ epoch, offset }).message?.data);
  return { epoch, offset };
};
