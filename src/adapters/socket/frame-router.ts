import { parseChannel } from '../../domain/channel.ts';
import type { Connection } from '../../domain/connection.ts';
import { causeOf, FanfareError, isOurs } from '../../domain/errors.ts';
import type { ConnectionId } from '../../domain/ids.ts';
import type { Acknowledge } from '../../domain/use-cases/acknowledge.ts';
import type { History } from '../../domain/use-cases/history.ts';
import type { Inbox } from '../../domain/use-cases/inbox.ts';
import type { Mark } from '../../domain/use-cases/mark.ts';
import type { Presence } from '../../domain/use-cases/presence.ts';
import type { SendMessage } from '../../domain/use-cases/send-message.ts';
import type { Subscribe } from '../../domain/use-cases/subscribe.ts';
import type { Unsubscribe } from '../../domain/use-cases/unsubscribe.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ConnectionRegistry } from '../../ports/connection-registry.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { viewError } from '../../protocol/error-view.ts';
import type { ClientFrame } from '../../protocol/frames.ts';
import { clientFrame, MAX_FRAME_BYTES } from '../../protocol/frames.ts';
import { viewHistory } from '../../protocol/history-view.ts';
import { viewInbox } from '../../protocol/inbox-view.ts';
import { isoOf } from '../../protocol/iso-time.ts';
import { fieldErrors } from '../../protocol/issues.ts';
import type { ServerFrame } from '../../protocol/server-frames.ts';
import { viewFollowed, viewOutcomes } from '../../protocol/subscribed-view.ts';
import type { FrameLimit } from './frame-limit.ts';

/** Turns clients' frames into use cases, and their results into frames; the same code behind every gateway. */
export class FrameRouter {
  readonly #ports: FrameRouterPorts;

  constructor(ports: FrameRouterPorts) {
    this.#ports = ports;
  }

  /** @returns the reply's text: one frame for every request, an error frame where something is wrong */
  async answer(connectionId: ConnectionId, text: string): Promise<string> {
    let requestId: string | undefined;
    try {
      const input = parseObject(text);
      requestId = typeof input.id === 'string' && input.id.length <= 128 ? input.id : undefined;
      await this.#ports.frameLimit.take(connectionId);
      const frame = parseFrame(input);
      this.#ports.metrics.count('frames_total', { action: frame.action });
      const connection = await this.#connection(connectionId);
      return JSON.stringify(withId(await this.#perform(connection, frame), requestId));
    } catch (error) {
      this.#ports.metrics.count('frames_total', { action: 'refused' });
      return JSON.stringify(withId({ type: 'error', ...viewError(this.#known(error)) }, requestId));
    }
  }

  async #perform(connection: Connection, frame: ClientFrame): Promise<ServerFrame> {
    const { identity } = connection;
    switch (frame.action) {
      case 'hello':
        return {
          type: 'welcome',
          connectionId: connection.id,
          user: identity.user,
          expiresAt: isoOf(connection.expiresAt),
          channels: await this.#ports.registry.subscriptions(connection.id),
        };
      case 'subscribe':
        return this.#subscribe(connection, frame);
      case 'unsubscribe':
        await this.#ports.unsubscribe.execute(connection, parseChannel(frame.channel));
        return { type: 'unsubscribed', channel: frame.channel };
      case 'sendMessage': {
        const channel = parseChannel(frame.channel);
        const { data, key } = frame;
        const sent = await this.#ports.sendMessage.execute(identity, { channel, data, key });
        const { id, epoch, offset } = sent;
        return { type: 'accepted', messageId: id, channel, epoch, offset };
      }
      case 'history': {
        const { channel, after, before, limit } = frame;
        const page = await this.#ports.history.execute(identity, parseChannel(channel), {
          after,
          before,
          limit,
        });
        return { type: 'history', channel, ...viewHistory(page, frame, MAX_FRAME_BYTES) };
      }
      case 'presence': {
        const channel = parseChannel(frame.channel);
        return { type: 'presence', channel, ...(await this.#ports.presence.execute(identity, channel)) };
      }
      case 'inbox': {
        const page = await this.#ports.inbox.execute(identity.user, frame);
        return { type: 'inbox', ...viewInbox(page, MAX_FRAME_BYTES) };
      }
      case 'mark': {
        const { messageIds, as } = frame;
        const { mark } = this.#ports;
        const marking = messageIds ? mark.execute(identity.user, messageIds, as) : mark.all(identity.user);
        return { type: 'marked', unread: await marking };
      }
      case 'ack':
        await this.#ports.acknowledge.execute(identity.user, frame.messageIds);
        return { type: 'acked' };
      case 'ping':
        return { type: 'pong' };
    }
  }

  async #subscribe(
    connection: Connection,
    { many, channels }: Extract<ClientFrame, { action: 'subscribe' }>,
  ): Promise<ServerFrame> {
    const outcomes = await this.#ports.subscribe.execute(connection, channels);
    const [only] = outcomes;
    if (many || only === undefined) {
      return { type: 'subscribed', channels: viewOutcomes(outcomes, MAX_FRAME_BYTES) };
    }
    if ('error' in only) throw only.error;
    return { type: 'subscribed', ...viewFollowed(only, MAX_FRAME_BYTES) };
  }

  async #connection(id: ConnectionId): Promise<Connection> {
    const connection = await this.#ports.registry.find(id);
    if (connection !== undefined && connection.expiresAt > this.#ports.clock.now()) return connection;
    throw new FanfareError(
      'unauthenticated',
      'the connection has expired; open a new one with a fresh token',
    );
  }

  /** A defect is logged whole and told as `internal`. */
  #known(error: unknown): FanfareError {
    const known = error instanceof FanfareError && error.code !== 'internal' ? error : undefined;
    if (known !== undefined && !isOurs(known)) return known;
    this.#ports.logger.error('frame.failed', { cause: causeOf(error) });
    this.#ports.metrics.count('failures_total', { where: 'frame' });
    return known ?? new FanfareError('internal', 'something went wrong on our side');
  }
}

export interface FrameRouterPorts {
  readonly subscribe: Subscribe;
  readonly unsubscribe: Unsubscribe;
  readonly sendMessage: SendMessage;
  readonly history: History;
  readonly presence: Presence;
  readonly inbox: Inbox;
  readonly mark: Mark;
  readonly acknowledge: Acknowledge;
  readonly frameLimit: FrameLimit;
  readonly registry: ConnectionRegistry;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const withId = (frame: ServerFrame, id: string | undefined): ServerFrame =>
  id === undefined ? frame : { ...frame, id };

const parseObject = (text: string): Record<string, unknown> => {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new FanfareError('invalid', 'expected a JSON object');
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FanfareError('invalid', 'expected a JSON object; this is not JSON', { cause });
  }
};

const parseFrame = (input: unknown): ClientFrame => {
  const parsed = clientFrame.safeParse(input);
  if (parsed.success) return parsed.data;
  const [first] = fieldErrors(parsed.error, 'frame');
  throw new FanfareError('invalid', first?.message ?? 'malformed frame', { field: first?.field });
};
