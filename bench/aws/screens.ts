import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { WatchedEmulation } from './emulation.ts';

const HANDSHAKES = 8;

/** Open sockets, which note when the last of them was sent a message. */
export class Screens {
  readonly #sockets: WebSocket[] = [];
  #waiting: { readonly id: string; missing: number; readonly done: (at: number) => void } | undefined;

  get count(): number {
    return this.#sockets.length;
  }

  /** Opens one for each user, some at a time. */
  async open(emulation: WatchedEmulation, users: readonly string[]): Promise<void> {
    const waiting = users.values();
    const openSome = async (): Promise<void> => {
      for (const user of waiting) await this.#openOne(emulation, user);
    };
    await Promise.all(Array.from({ length: HANDSHAKES }, openSome));
  }

  /** @returns when the last screen heard of the notification whose id comes, ms since 1970 */
  heard(id: string, screens: number): Promise<number> {
    return new Promise(done => {
      this.#waiting = { id, missing: screens, done };
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  async #openOne(emulation: WatchedEmulation, user: string): Promise<void> {
    const protocols = ['fanfare.v1', `bearer.${await emulation.token(user)}`];
    const socket = new WebSocket(`${emulation.url.replace('http', 'ws')}/ws`, protocols);
    socket.on('message', data => this.#message(String(data)));
    await once(socket, 'open');
    this.#sockets.push(socket);
  }

  #message(text: string): void {
    const at = performance.timeOrigin + performance.now();
    const waiting = this.#waiting;
    if (waiting === undefined || !text.includes(waiting.id)) return;
    waiting.missing -= 1;
    if (waiting.missing === 0) waiting.done(at);
  }
}
