import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Reads again and again while somebody looks: not in a tab behind others, and not on a page that is not shown. */
export class Polling implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #everyMs: number;
  readonly #read: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, everyMs: number, read: () => void) {
    this.#host = host;
    this.#everyMs = everyMs;
    this.#read = read;
    host.addController(this);
  }

  hostConnected(): void {
    this.#timer = setInterval(() => this.#readIfSeen(), this.#everyMs);
    // When it has been laid out, so that it can tell whether it is shown.
    queueMicrotask(() => this.#readIfSeen());
  }

  hostDisconnected(): void {
    this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #readIfSeen(): void {
    if (!document.hidden && this.#host.offsetParent !== null) this.#read();
  }
}
