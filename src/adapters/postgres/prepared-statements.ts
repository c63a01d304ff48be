import { protocol } from '@electric-sql/pglite';

/** Beyond so many, the one least recently used is given up. */
const MAX_KEPT = 100;

/**
 * A plan is made for tables as large as they are then, and nothing in PGlite tells that they have grown. So each is made
 * anew after so many uses.
 */
const USES_OF_A_PLAN = 500;

interface Prepared {
  readonly name: string;
  uses: number;
}

/** What there is to be sent so that a statement can be executed by its name. */
interface Use {
  readonly name: string;
  readonly prepare: readonly Uint8Array[];
}

/** The statements that a connection has prepared. */
export class PreparedStatements {
  /** By their texts; the least recently used first. */
  readonly #kept = new Map<string, Prepared>();
  /** Names that the connection may still know. */
  #left: string[] = [];
  #made = 0;

  use(text: string): Use {
    const kept = this.#kept.get(text);
    this.#kept.delete(text);
    if (kept !== undefined && kept.uses < USES_OF_A_PLAN) {
      kept.uses += 1;
      this.#kept.set(text, kept);
      return { name: kept.name, prepare: [] };
    }
    if (kept !== undefined) this.#left.push(kept.name);
    const name = `s${++this.#made}`;
    this.#kept.set(text, { name, uses: 1 });
    if (this.#kept.size > MAX_KEPT) this.forget(this.#kept.keys().next().value as string);
    return { name, prepare: [...this.#closeLeft(), protocol.serialize.parse({ name, text })] };
  }

  /** After a failure nobody knows whether it was prepared. */
  forget(text: string): void {
    const kept = this.#kept.get(text);
    if (kept === undefined) return;
    this.#kept.delete(text);
    this.#left.push(kept.name);
  }

  /** To close one that is not there does nothing. */
  #closeLeft(): readonly Uint8Array[] {
    const names = this.#left;
    this.#left = [];
    return names.map(name => protocol.serialize.close({ type: 'S', name }));
  }
}
