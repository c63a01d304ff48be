import type { Channel } from '../../domain/channel.ts';
import { subjectOf } from '../../domain/channel.ts';
import type { MessageDraft } from '../../domain/message.ts';
import type { LogQuery, MessageStore } from '../../ports/message-store.ts';

/**
 * Keeps the logs of comings and goings where it is kept who is here, which is the process. Were they to outlive it, they
 * would say of everybody who was here that they still are; as it is, they begin anew, under another epoch, and whoever
 * follows them asks who is here.
 */
export class SplitMessageStore implements MessageStore {
  readonly #lasting: MessageStore;
  readonly #passing: MessageStore;

  constructor({ lasting, passing }: { readonly lasting: MessageStore; readonly passing: MessageStore }) {
    this.#lasting = lasting;
    this.#passing = passing;
  }

  append(draft: MessageDraft) {
    return this.#of(draft.channel).append(draft);
  }

  read(channel: Channel, query: LogQuery) {
    return this.#of(channel).read(channel, query);
  }

  position(channel: Channel) {
    return this.#of(channel).position(channel);
  }

  erase(channel: Channel) {
    return this.#of(channel).erase(channel);
  }

  #of(channel: Channel): MessageStore {
    return subjectOf(channel) === undefined ? this.#lasting : this.#passing;
  }
}
