/** How often each thing came about, by what it is called. */
export class Tally {
  readonly #times = new Map<string, number>();

  add(what: string): void {
    this.#times.set(what, (this.#times.get(what) ?? 0) + 1);
  }

  get total(): number {
    return [...this.#times.values()].reduce((sum, times) => sum + times, 0);
  }

  toJSON(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#times);
  }

  toString(): string {
    return [...this.#times].map(([what, times]) => `${times} × ${what}`).join(', ');
  }
}
