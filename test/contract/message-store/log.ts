import type { Channel } from '../../../src/domain/channel.ts';
import type { Message, MessageDraft } from '../../../src/domain/message.ts';
import type { LogPage, MessageStore } from '../../../src/ports/message-store.ts';
import { aChannel, aDraft } from '../../support/builders.ts';
import type { Fixture, Promises } from '../../support/harness.ts';

export interface MessageStoreLimits {
  /** Kept in each channel. */
  readonly maxMessages: number;
  readonly maxAgeMs: number;
}

export interface MessageStoreFixture extends Fixture<MessageStore> {
  /** Makes the store lose a channel's whole log, as an outage or want of room would; there with `loss`. */
  lose?(channel: Channel): Promise<void>;
}

export type MessageStorePromises = Promises<MessageStoreFixture, MessageStoreLimits>;

export const LOBBY = aChannel('room:lobby');

/** A fixture with messages that are as old as its clock says. */
export const withDrafts = <Opened extends MessageStoreFixture>(fixture: Opened) => {
  const draftNow = (set: Partial<MessageDraft> = {}): MessageDraft =>
    aDraft({ sentAt: fixture.clock.now(), ...set });
  const append = async (count: number, channel = LOBBY): Promise<void> => {
    for (let done = 0; done < count; done++) await fixture.port.append(draftNow({ channel }));
  };
  return { ...fixture, draftNow, append };
};

export const offsets = ({ messages }: { readonly messages: readonly Message[] }): readonly number[] =>
  messages.map(({ offset }) => offset);

export interface Summary {
  readonly offsets: readonly number[];
  readonly head: number;
  readonly complete: boolean;
  readonly trimmed: boolean;
}

export const summary = (page: LogPage): Summary => ({
  offsets: offsets(page),
  head: page.position.offset,
  complete: page.complete,
  trimmed: page.trimmed,
});

export const countingTo = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);
