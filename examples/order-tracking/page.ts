import { Fanfare, type Message } from 'fanfare/client';

const order = new URLSearchParams(location.search).get('order') ?? '4711';
const byId = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;

const post = async <Answer>(path: string): Promise<Answer> => {
  const response = await fetch(path, { method: 'POST', body: JSON.stringify({ order }) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
};
type Tracking = { readonly url: string; readonly token: string; readonly channel: string };

const shown = new Set<number>();
/** The newest stands on top, whatever order history and news come in. */
let newest = 0;

const show = ({ offset, sentAt, notification }: Message): void => {
  if (notification === undefined || shown.has(offset)) return;
  shown.add(offset);
  const item = document.createElement('li');
  item.value = offset;
  item.textContent = `${notification.title}, ${new Date(sentAt).toLocaleTimeString()}`;
  byId('steps').append(item);
  if (offset < newest) return;
  newest = offset;
  const { step, of } = notification.data as { step: number; of: number };
  byId('status').textContent = notification.title;
  byId<HTMLProgressElement>('progress').value = (step + 1) / of;
};

byId('order').textContent = order;
byId('scan').onclick = () => void post('/api/scan');

const { url, channel } = await post<Tracking>('/api/track');
const client = new Fanfare({ url, getToken: async () => (await post<Tracking>('/api/track')).token });
client.on('state', ({ name }) => {
  byId('state').textContent = name === 'connected' ? 'This page is live.' : `No connection: ${name}.`;
});

// First what has happened so far, then what happens: each once, also after the phone was in a tunnel.
const orderLog = client.channel(channel);
await orderLog.subscribe(show).ready;
const { messages } = await orderLog.history();
messages.forEach(show);
