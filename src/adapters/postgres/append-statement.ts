import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Channel } from '../../domain/channel.ts';
import type { Retention } from '../../domain/channel-policy.ts';
import type { MessageId } from '../../domain/ids.ts';
import type { Position } from '../../domain/message.ts';
import type { Entry } from '../storage/log-entry.ts';
import type { Tables } from './schema.ts';

export interface Append {
  readonly channel: Channel;
  /** All of different ids. */
  readonly entries: readonly Entry[];
  /** The log's epoch if this is its first message. */
  readonly epoch: string;
  readonly retention: Retention;
  /** What was sent then or before is no longer kept. */
  readonly agedUntil: number;
}

export interface AppendResult {
  /** The newest place since. */
  readonly place: Position;
  /** Where each entry stands. */
  readonly offsets: ReadonlyMap<MessageId, { readonly offset: number; readonly duplicate: boolean }>;
}

/**
 * Appends what is not in the log in one statement, and so in one round trip and one commit. It holds the place's lock
 * until it has committed. Whom somebody overtook with the same id, and whose id a message has that is no longer kept
 * and still there, finds a unique violation: then nothing was written.
 */
export const appendAtOnce = async (
  db: Kysely<Tables>,
  schema: string,
  { channel, entries, epoch, retention, agedUntil }: Append,
): Promise<AppendResult> => {
  const rows = entries.map(({ id, sentAt, from, content }, rank) => ({
    rank,
    id,
    sent_at: sentAt,
    sender: from,
    content,
    expires_at: sentAt + retention.maxAgeMs,
  }));
  const kept = retention.maxMessages ?? Number.MAX_SAFE_INTEGER;
  const [messages, logs] = [sql.id(schema, 'message'), sql.id(schema, 'channel_log')];
  const result = await sql<{ epoch: string; head: number; id: string; position: number; known: boolean }>`
    with entry as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json)
        as entry (rank bigint, id text, sent_at bigint, sender text, content text, expires_at bigint)
    ),
    known as (
      select message.id, message.position
      from ${messages} as message
      join ${logs} as log on log.channel = message.channel and log.epoch = message.epoch
      where message.channel = ${channel}
        and message.id in (select id from entry)
        and message.position > log.head - ${kept}::bigint
        and message.sent_at > ${agedUntil}::bigint
    ),
    fresh as (
      select entry.*, row_number() over (order by rank) as place
      from entry
      where id not in (select id from known)
    ),
    log as (
      insert into ${logs} as log (channel, epoch, head)
      values (${channel}, ${epoch}, (select count(*) from fresh))
      on conflict (channel) do update set head = log.head + excluded.head
      returning epoch, head
    ),
    added as (
      insert into ${messages} (channel, position, epoch, id, sent_at, sender, content, expires_at)
      select ${channel}, log.head - (select count(*) from fresh) + fresh.place, log.epoch,
        fresh.id, fresh.sent_at, fresh.sender, fresh.content::json, fresh.expires_at
      from fresh, log
      returning id, position
    )
    select log.epoch, log.head, found.id, found.position, found.known
    from log, (
      select id, position, true as known from known union all select id, position, false from added
    ) as found
  `.execute(db);
  const [first] = result.rows;
  if (first === undefined) throw new Error('an append that found no place for any of its entries');
  return {
    place: { epoch: first.epoch, offset: first.head },
    offsets: new Map(
      result.rows.map(({ id, position, known }) => [id as MessageId, { offset: position, duplicate: known }]),
    ),
  };
};
