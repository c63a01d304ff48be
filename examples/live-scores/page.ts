import { Fanfare, type Message } from 'fanfare/client';

const byId = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;

const ask = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
  const response = await fetch(path, { method, ...(body && { body: JSON.stringify(body) }) });
  return response.json();
};
type Watching = { readonly url: string; readonly token: string; readonly channel: string };

let newest = 0;

const show = ({ offset, notification }: Message): void => {
  if (offset <= newest || notification === undefined) return;
  newest = offset;
  const { home, away } = notification.data as { home: number; away: number };
  byId('score').textContent = `${home} : ${away}`;
};

for (const by of ['home', 'away']) byId(by).onclick = () => void ask('POST', '/api/goal', { by });

const { url, channel } = await ask<Watching>('POST', '/api/watch');
const getToken = async () => (await ask<Watching>('POST', '/api/watch')).token;
const client = new Fanfare({ url, getToken });
const match = client.channel(channel);
await match.subscribe(show).ready;
// Whoever comes late begins with the newest score.
const { messages } = await match.history({ limit: 1 });
messages.forEach(show);

type Report = { size: number; connected: number; upToDate: number; slowestMs: number };
setInterval(async () => {
  const { size, connected, upToDate, slowestMs } = await ask<Report>('GET', '/api/crowd');
  const words =
    upToDate === 0
      ? `${connected} of ${size} are watching with you.`
      : `${upToDate} of ${connected} others have this score, the last after ${Math.round(slowestMs)} ms.`;
  byId('crowd').textContent = words;
}, 500);
