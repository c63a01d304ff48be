import type { Channel } from '../../src/domain/channel.ts';
import { FanfareError } from '../../src/domain/errors.ts';
import type { Message, MessageDraft, Position } from '../../src/domain/message.ts';
import type { EventBus } from '../../src/ports/event-bus.ts';
import type { Appended, LogPage, LogQuery, MessageStore } from '../../src/ports/message-store.ts';

/** A bus that is down for its first calls. */
export class FailingBus implements EventBus {
  readonly #inner: EventBus;
  #failures: number;

  constructor(inner: EventBus, failures: number) {
    this.#inner = inner;
    this.#failures = failures;
  }

  async publish(messages: readonly Message[]): Promise<void> {
    if (this.#failures > 0) {
      this.#failures -= 1;
      throw new FanfareError('unavailable', 'the bus is down');
    }
    await this.#inner.publish(messages);
  }
}

/** A bus whose process dies in its first calls: the caller never hears back, and no clean-up runs. */
export class DyingBus implements EventBus {
  readonly #inner: EventBus;
  #deaths: number;

  constructor(inner: EventBus, deaths: number) {
    this.#inner = inner;
    this.#deaths = deaths;
  }

  publish(messages: readonly Message[]): Promise<void> {
    if (this.#deaths === 0) return this.#inner.publish(messages);
    this.#deaths -= 1;
    return new Promise(() => undefined);
  }
}

/** A store that fails for one channel, for its first appends. */
export class FailingStore implements MessageStore {
  readonly #inner: MessageStore;
  readonly #channel: Channel;
  #failures: number;

  constructor(inner: MessageStore, fault: { readonly channel: Channel; readonly failures: number }) {
    this.#inner = inner;
    this.#channel = fault.channel;
    this.#failures = fault.failures;
  }

  async append(draft: MessageDraft): Promise<Appended> {
    if (draft.channel === this.#channel && this.#failures > 0) {
      this.#failures -= 1;
      throw new FanfareError('unavailable', 'the store is down');
    }
    return this.#inner.append(draft);
  }

  read(channel: Channel, query: LogQuery): Promise<LogPage> {
    return this.#inner.read(channel, query);
  }

  position(channel: Channel): Promise<Position> {
    return this.#inner.position(channel);
  }

  erase(channel: Channel): Promise<void> {
    return this.#inner.erase(channel);
  }
}

/** A call that does not come back: the n-th of all ports together, from 1, before its effect or after. */
export interface Fault {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** The ports, of which those that are named fail at some calls. */
export const unreliable = <Ports extends object>(
  ports: Ports,
  named: readonly (keyof Ports)[],
  faults: readonly Fault[],
): Ports => {
  let calls = 0;
  const failing = (port: object): object =>
    new Proxy(port, {
      get:
        (target, name) =>
        async (...values: readonly unknown[]) => {
          calls += 1;
          const fault = faults.find(({ at }) => at === calls);
          if (fault?.when === 'before') throw new FanfareError('unavailable', 'it was never done');
          const result: unknown = await Reflect.apply(Reflect.get(target, name), target, values);
          if (fault !== undefined) throw new FanfareError('unavailable', 'nobody heard that it was done');
          return result;
        },
    });
  const replaced = named.map(name => [name, failing(ports[name] as object)]);
  return { ...ports, ...Object.fromEntries(replaced) };
};
