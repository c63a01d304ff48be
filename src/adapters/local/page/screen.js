// @ts-check
import { arrival, line } from './arrival.js';
import { ChannelLog } from './channel-log.js';
import { Connection } from './connection.js';
import { find, say } from './dom.js';
import { OrderedList } from './ordered-list.js';

/**
 * @typedef {import('./connection.js').Message} Message
 * @typedef {import('./connection.js').State} State
 */

const LOBBY = 'room:lobby';
/** Messages asked for at once; the first time, the latest so many. */
const PAGE = 50;

/** One user's device: what arrives, the room, and a socket to cut. */
export class Screen {
  #name;
  #follows;
  #on;
  #root;
  #connection;
  /** @type {Map<string, ChannelLog>} */
  #logs = new Map();
  /** @type {Set<string>} channels being read at the moment */
  #reading = new Set();
  #arrivals;
  #lines;
  #unread = 0;
  /** @type {number | undefined} */
  #countdown;

  /**
   * @param {string} name
   * @param {{ follows: string[], token: () => Promise<string>, on: {
   *   frame: (direction: 'in' | 'out', text: string) => void,
   *   shown: (message: Message) => void, write: (channel: string) => void, announce: (text: string) => void } }} options
   *   `follows`: what to subscribe to beside the user's own channel and broadcast
   */
  constructor(name, { follows, token, on }) {
    this.#name = name;
    this.#follows = [LOBBY, ...follows];
    this.#on = on;
    this.#root = build(name);
    this.#arrivals = new OrderedList(this.#find('.arrivals-list'));
    this.#lines = new OrderedList(this.#find('.lines'));
    this.#connection = new Connection(token, {
      state: state => this.#showState(state),
      frame: on.frame,
      live: ({ user, channels }) => {
        this.#call(user);
        void this.#join(channels);
      },
      message: message => this.#receive(message),
    });
    this.#call(name);
    this.#listen();
  }

  get element() {
    return this.#root;
  }

  connect() {
    this.#connection.connect();
  }

  /** @param {string[]} channels subscribed by connecting */
  async #join(channels) {
    const all = [...new Set([...channels, ...this.#follows])];
    this.#find('.channels').textContent = all.join('  ·  ');
    await Promise.all(
      all.map(async channel => {
        try {
          if (!channels.includes(channel)) {
            const { position } = await this.#connection.request('subscribe', { channel });
            this.#log(channel).meet(position.epoch);
          }
          await this.#read(channel);
        } catch (error) {
          this.#complain(`${channel}: ${/** @type {Error} */ (error).message}`);
        }
      }),
    );
  }

  /**
   * Fetches what came after the last message seen; the first time, the latest few.
   * A message pushed meanwhile is told by its offset.
   * @param {string} channel
   */
  async #read(channel) {
    if (this.#reading.has(channel)) return;
    this.#reading.add(channel);
    try {
      const log = this.#log(channel);
      for (let complete = false; !complete; ) {
        const { after } = log;
        const page = await this.#connection.request('history', { channel, after, limit: PAGE });
        if (log.meet(page.position.epoch)) continue;
        for (const message of page.messages) this.#take(message, after === undefined ? 'earlier' : 'missed');
        complete = page.complete || after === undefined;
        log.settle(complete ? page.position.offset : page.messages.at(-1).offset);
      }
    } finally {
      this.#reading.delete(channel);
    }
  }

  /** @param {Message} message */
  #receive(message) {
    this.#take(message, 'live');
    if (this.#log(message.channel).hasGap) {
      this.#read(message.channel).catch(error => this.#complain(`${message.channel}: ${error.message}`));
    }
  }

  /**
   * @param {Message} message
   * @param {'live' | 'missed' | 'earlier'} how
   */
  #take(message, how) {
    if (!this.#log(message.channel).accept(message)) return;
    if (message.channel === LOBBY && !message.notification) {
      this.#lines.insert(message, line(message, message.from === this.#name));
      if (how !== 'earlier') this.#on.announce(`${this.#name}: ${message.from} said something in the lobby`);
      return;
    }
    const entry = arrival(message, how === 'missed');
    this.#arrivals.insert(message, entry);
    this.#find('.empty').hidden = true;
    if (how === 'earlier') return;
    entry.classList.add('new');
    this.#count(this.#unread + 1);
    this.#on.announce(`${this.#name}: ${message.notification?.title ?? `message from ${message.from}`}`);
    this.#on.shown(message);
  }

  /** @param {State} state */
  #showState(state) {
    clearInterval(this.#countdown);
    this.#root.dataset.state = state.name;
    const text = this.#find('.state-text');
    const banner = this.#find('.banner');
    this.#find('.switch').textContent = state.name === 'cut' ? 'Reconnect' : 'Cut';
    this.#find('.switch').setAttribute(
      'aria-label',
      `${state.name === 'cut' ? 'Reconnect' : 'Cut'} ${this.#name}`,
    );
    text.textContent = state.name;
    if (state.name === 'live') say(banner);
    if (state.name === 'cut') {
      say(banner, 'The socket is cut. What is sent now waits in the log of its channel.');
      this.#on.announce(`${this.#name} is cut`);
    }
    if (state.name === 'waiting') {
      say(banner, `Trying again: ${state.reason}`);
      const until = Date.now() + state.ms;
      const tick = () => {
        text.textContent = `waiting ${Math.max(1, Math.ceil((until - Date.now()) / 1000))} s`;
      };
      tick();
      this.#countdown = setInterval(tick, 250);
    }
  }

  /** @param {number} unread */
  #count(unread) {
    this.#unread = unread;
    say(this.#find('.unread'), unread === 0 ? '' : `${unread} new`);
    if (unread > 0) this.#find('.unread').setAttribute('aria-label', `${unread} new, mark as read`);
    else for (const entry of this.#root.querySelectorAll('.arrival.new')) entry.classList.remove('new');
  }

  /** @param {string} text */
  #complain(text) {
    if (this.#connection.state.name === 'live') say(this.#find('.banner'), text);
  }

  async #sayInLobby() {
    const input = find(this.#root, '.lobby input', HTMLInputElement);
    const error = this.#find('.lobby .error');
    const text = input.value.trim();
    if (text === '') return;
    try {
      await this.#connection.request('sendMessage', { channel: LOBBY, data: { text } });
      if (input.value.trim() === text) input.value = '';
      say(error);
    } catch (cause) {
      say(error, `Not sent: ${/** @type {Error} */ (cause).message}.`);
    }
  }

  /** @param {string} channel */
  #log(channel) {
    const log = this.#logs.get(channel) ?? new ChannelLog();
    this.#logs.set(channel, log);
    return log;
  }

  /** @param {string} selector */
  #find(selector) {
    return find(this.#root, selector, HTMLElement);
  }

  /**
   * A pasted token may be another user's.
   * @param {string} name
   */
  #call(name) {
    this.#name = name;
    this.#find('h2').textContent = name;
    this.#find('.avatar').textContent = name.slice(0, 1);
    this.#find('.arrivals').setAttribute('aria-label', `What reached ${name}`);
    this.#find('.lines').setAttribute('aria-label', `${LOBBY} as ${name} sees it`);
    this.#find('.empty-why').textContent = `Send something to user:${name} and it appears here.`;
    this.#find('.write').textContent = `Write to ${name}`;
    const input = find(this.#root, '.lobby input', HTMLInputElement);
    input.placeholder = `Say something as ${name}`;
    input.setAttribute('aria-label', `Say something in ${LOBBY} as ${name}`);
  }

  #listen() {
    this.#find('.write').addEventListener('click', () => this.#on.write(`user:${this.#name}`));
    this.#find('.unread').addEventListener('click', () => this.#count(0));
    this.#find('.switch').addEventListener('click', () =>
      this.#connection.state.name === 'cut' ? this.#connection.connect() : this.#connection.cut(),
    );
    find(this.#root, '.lobby form', HTMLFormElement).addEventListener('submit', event => {
      event.preventDefault();
      void this.#sayInLobby();
    });
  }
}

/** @param {string} name */
const build = name => {
  const template = find(document, '#screen-template', HTMLTemplateElement);
  const root = find(
    /** @type {DocumentFragment} */ (template.content.cloneNode(true)),
    '.screen',
    HTMLElement,
  );
  root.setAttribute('aria-labelledby', `${name}-title`);
  find(root, 'h2', HTMLElement).id = `${name}-title`;
  return root;
};
