import { Fanfare, type Message } from 'fanfare/client';

const ROOMS = ['lobby', 'music', 'films'];

const byId = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const fieldOf = (form: HTMLFormElement): HTMLInputElement => form.querySelector('input') as HTMLInputElement;

byId<HTMLFormElement>('login').addEventListener('submit', async event => {
  event.preventDefault();
  const name = fieldOf(event.target as HTMLFormElement).value.trim();
  const login = async () => {
    const response = await fetch('/api/login', { method: 'POST', body: JSON.stringify({ name }) });
    return (await response.json()) as { url: string; token: string };
  };
  const { url } = await login();
  // Asked for a token before every connection: an hour later it still works.
  enter(new Fanfare({ url, getToken: async () => (await login()).token }));
});

const enter = (client: Fanfare): void => {
  byId('login').hidden = true;
  byId('chat').hidden = false;
  const showState = () => {
    byId('state').textContent = client.state.name;
  };
  client.on('state', showState);
  showState();

  let leave = () => {};
  const goTo = (room: string) => {
    leave();
    leave = join(client, room);
  };
  for (const room of ROOMS) {
    const button = document.createElement('button');
    button.textContent = room;
    button.onclick = () => goTo(room);
    byId('rooms').append(button);
  }
  goTo('lobby');
};

/** Shows a room: what was said, what is said from now on, and who is here. @returns how to leave it */
const join = (client: Fanfare, room: string): (() => void) => {
  const left = new AbortController();
  const { signal } = left;
  const channel = client.channel(`room:${room}`);
  byId('room').textContent = room;
  byId('said').replaceChildren();

  /** History and what comes meanwhile may overlap: a message has its place by its offset. */
  const shown = new Map<number, HTMLElement>();
  const show = ({ offset, from, data }: Message) => {
    if (signal.aborted || shown.has(offset)) return;
    const item = document.createElement('li');
    item.textContent = `${from}: ${(data as { text: string }).text}`;
    const next = [...shown.keys()].filter(other => other > offset).sort((a, b) => a - b)[0];
    byId('said').insertBefore(item, (next && shown.get(next)) || null);
    shown.set(offset, item);
  };
  const showHere = async () => {
    const { users = [] } = await channel.presence({ signal });
    byId('here').textContent = users
      .map(({ user }) => user)
      .sort()
      .join(', ');
  };

  channel
    .subscribe(show, { signal })
    .ready.then(() => channel.history({ limit: 50, signal }))
    .then(({ messages }) => messages.forEach(show))
    .catch(() => {}); // left before it was there
  const comings = client.channel(`presence:room:${room}`);
  comings.subscribe(() => showHere().catch(() => {}), { signal }).ready.then(showHere, () => {});

  const form = byId<HTMLFormElement>('say');
  form.onsubmit = event => {
    event.preventDefault();
    const field = fieldOf(form);
    // While there is no connection it waits, and goes out once there is.
    void channel.send({ text: field.value });
    field.value = '';
  };
  return () => left.abort();
};
