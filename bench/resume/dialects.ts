import type { Conversation } from '../load/subscriber.ts';
import type { Dialect, Memory } from './resumer.ts';
import { note } from './resumer.ts';

interface Position {
  readonly epoch: string;
  readonly offset: number;
}
interface Entry extends Position {
  readonly notification: { readonly data: { readonly n: number } };
}
interface Answer extends Entry {
  readonly type: string;
  readonly position: Position;
  readonly recovered: boolean;
  readonly messages: readonly Entry[];
}

/** PROTOCOL.md, as its client does it: a log that began anew is read from its start. */
export const fanfareDialect = ({ protocols }: Conversation): Dialect => ({
  path: '/ws',
  protocols: client => protocols?.(client).split(', ') ?? [],
  opening: ({ place }) => ({ action: 'subscribe', id: '1', channel: 'room:bench', since: place }),
  hear: (text, memory) => {
    const frame = JSON.parse(text) as Answer;
    if (frame.type === 'error') throw new Error(text);
    if (frame.type === 'message') take(memory, frame);
    for (const message of frame.messages ?? []) take(memory, message);
    if (frame.type !== 'subscribed' || frame.recovered || memory.place === undefined) {
      memory.place ??= frame.position;
      return frame.type === 'message' ? undefined : 'following';
    }
    return JSON.stringify({ action: 'history', id: '2', channel: 'room:bench', after: 0, limit: 300 });
  },
});

const take = (memory: Memory, { epoch, offset, notification }: Entry): void => {
  memory.place = { epoch, offset };
  note(memory, notification.data.n);
};

interface Session {
  pid: string;
  offset?: string;
}

/** Socket.IO's protocol 5 over Engine.IO's 4, as its client does it. */
export const socketIoDialect: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  hear: (text, memory) => {
    const session = memory.place as Session | undefined;
    if (text.startsWith('0{')) return `40${session?.offset ? JSON.stringify(session) : ''}`;
    if (text.startsWith('40{')) {
      const { pid } = JSON.parse(text.slice(2)) as Session;
      memory.place = { pid, offset: pid === session?.pid ? session.offset : undefined };
      return 'following';
    }
    if (text === '2') return '3';
    if (!text.startsWith('42')) return undefined;
    const [, data, offset] = JSON.parse(text.slice(2)) as [string, { n: number }, string];
    (memory.place as Session).offset = offset;
    note(memory, data.n);
    return undefined;
  },
};
