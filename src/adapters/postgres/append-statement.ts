import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Channel } from '../../domain/channel.ts';
import type { Retention } from '../../domain/channel-policy.ts';
import type { Appended } from '../../ports/message-store.ts';
import type { Entry } from '../storage/log-entry.ts';
import { unplaced } from '../storage/log-entry.ts';
import { recordset } from './recordset.ts';
import type { Tables } from './schema.ts';

/** What an append has to know of a channel's log. */
export interface LogTerms {
  readonly channel: Channel;
  /** The log's epoch if this is its first message. */
  readonly epoch: string;
  readonly retention: Retention;
  /** What was sent then or before is no longer kept. */
  readonly agedUntil: number;
}

interface Found {
  readonly channel: string;
  readonly epoch: string;
  readonly id: string;
  readonly position: number;
  readonly known: boolean;
}

/**
 * Appends what is not in the logs in one statement, and so in one round trip and one commit. It holds the places' locks,
 * which it takes in the order of channels, until it has committed. Whom somebody overtook with the same id, and whose id
 * a message has that is no longer kept and still there, finds a unique violation: then nothing was written.
 *
 * @param logs of all the entries' channels, each once
 * @param entries of different ids within a channel
 * @returns where each stands, in their order
 */
export const appendAtOnce = async (
  db: Kysely<Tables>,
  schema: string,
  logs: readonly LogTerms[],
  entries: readonly Entry[],
): Promise<readonly Appended[]> => {
  const retentions = new Map(logs.map(({ channel, retention }) => [channel, retention]));
  const rows = entries.map(({ channel, id, sentAt, from, content }, rank) => ({
    channel,
    rank,
    id,
    sent_at: sentAt,
    sender: from,
    content,
    expires_at: sentAt + (retentions.get(channel)?.maxAgeMs ?? 0),
  }));
  const terms = logs.map(({ channel, epoch, retention, agedUntil }) => ({
    channel,
    epoch,
    kept: retention.maxMessages ?? Number.MAX_SAFE_INTEGER,
    aged_until: agedUntil,
  }));
  const [messages, places] = [sql.id(schema, 'message'), sql.id(schema, 'channel_log')];
  const result = await sql<Found>`
    with entry as (select * from ${recordset('entry', rows)}),
    terms as (select * from ${recordset('terms', terms)}),
    known as (
      select channel, message.id, message.position
      from entry
      join terms using (channel)
      join ${places} as log using (channel)
      join ${messages} as message using (channel, id)
      where message.epoch = log.epoch and message.position > log.head - terms.kept
        and message.sent_at > terms.aged_until
    ),
    fresh as (
      select entry.*, row_number() over (partition by channel order by rank) as place,
        count(*) over (partition by channel) as places
      from entry
      where (channel, id) not in (select channel, id from known)
    ),
    log as (
      insert into ${places} as log (channel, epoch, head)
      select channel, terms.epoch, count(fresh.id)
      from terms left join fresh using (channel)
      group by channel, terms.epoch
      order by channel
      on conflict (channel) do update set head = log.head + excluded.head
      returning channel, epoch, head
    ),
    added as (
      insert into ${messages} (channel, position, epoch, id, sent_at, sender, content, expires_at)
      select channel, log.head - fresh.places + fresh.place, log.epoch,
        fresh.id, fresh.sent_at, fresh.sender, fresh.content::json, fresh.expires_at
      from fresh join log using (channel)
      returning channel, id, position
    )
    select channel, log.epoch, found.id, found.position, found.known
    from log join (
      select channel, id, position, true as known from known
      union all select channel, id, position, false from added
    ) as found using (channel)
  `.execute(db);
  const found = new Map(result.rows.map(row => [nameOf(row), row]));
  return entries.map(entry => toAppended(found.get(nameOf(entry)) ?? unplaced(entry.id)));
};

/** Of an entry among those of all channels. */
export const nameOf = ({ channel, id }: { readonly channel: string; readonly id: string }): string =>
  JSON.stringify([channel, id]);

const toAppended = ({ epoch, position, known }: Found): Appended => ({
  position: { epoch, offset: position },
  duplicate: known,
});
