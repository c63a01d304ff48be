/** Work of which so much may be under way at a time. */
export class AtOnce {
  readonly #limit: number;
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** @param limit at least 1 */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Begins, once there is room for it; its end is waited for by `done`.
   *
   * @throws what the first failed with that failed, and begins nothing
   */
  async begin(work: () => Promise<void>): Promise<void> {
    while (this.#underWay.size >= this.#limit) await Promise.race(this.#underWay);
    this.#throwFailure();
    const running = work()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#underWay.delete(running));
    this.#underWay.add(running);
  }

  /** Resolves when nothing is under way any more. @throws as `begin` */
  async done(): Promise<void> {
    await Promise.all(this.#underWay);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
