interface Entry<Item> {
  readonly item: Item;
  readonly dueAt: number;
}

/** Things that fall due, the earliest within reach: a binary heap, each parent no later than its two children. */
export class DueHeap<Item> {
  readonly #entries: Entry<Item>[] = [];

  get length(): number {
    return this.#entries.length;
  }

  /** When the earliest falls due; never, when there is none. */
  get firstDueAt(): number {
    return this.#entries[0]?.dueAt ?? Number.POSITIVE_INFINITY;
  }

  push(item: Item, dueAt: number): void {
    this.#rise(this.#entries.length, { item, dueAt });
  }

  /** Takes the earliest that is due by `now`. */
  takeDue(now: number): Item | undefined {
    const first = this.#entries[0];
    if (first === undefined || first.dueAt > now) return undefined;
    const last = this.#entries.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    return first.item;
  }

  #rise(from: number, entry: Entry<Item>): void {
    let index = from;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#entries[above];
      if (parent === undefined || parent.dueAt <= entry.dueAt) break;
      this.#entries[index] = parent;
      index = above;
    }
    this.#entries[index] = entry;
  }

  #sink(entry: Entry<Item>): void {
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      const below = this.#dueAt(left + 1) < this.#dueAt(left) ? left + 1 : left;
      const child = this.#entries[below];
      if (child === undefined || child.dueAt >= entry.dueAt) break;
      this.#entries[index] = child;
      index = below;
    }
    this.#entries[index] = entry;
  }

  #dueAt(index: number): number {
    return this.#entries[index]?.dueAt ?? Number.POSITIVE_INFINITY;
  }
}
