/**
 * Runs something once, however often it is asked to within one turn, and in a microtask: whoever asks never finds itself
 * inside of what runs, and nobody waits for a timer.
 */
export class Soon {
  readonly #run: () => void;
  #asked = false;

  constructor(run: () => void) {
    this.#run = run;
  }

  ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    queueMicrotask(() => {
      this.#asked = false;
      this.#run();
    });
  }
}
