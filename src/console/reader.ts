import { LitElement } from 'lit';
import { Polling } from './polling.ts';
import type { Session } from './session.ts';
import { Refused } from './session.ts';

/** A part of a page that shows one answer of the server, read again and again while somebody looks at it. */
export abstract class Reader<Answer> extends LitElement {
  session: Session | undefined;
  /** What it says where the server has no such thing; it is not read again then. */
  protected abstract readonly absent: string;
  /** The last there was; undefined until there is one. */
  protected answer: Answer | undefined;
  /** Why there is no newer answer; empty where there is. */
  protected problem = '';
  readonly #polling: Polling;

  constructor(everyMs: number) {
    super();
    this.#polling = new Polling(this, everyMs, () => void this.read());
  }

  /** The path that is read; undefined where there is nothing to ask for. */
  protected abstract asked(): string | undefined;

  protected async read(): Promise<void> {
    const path = this.asked();
    if (path === undefined) return;
    try {
      const answer = await this.session?.call<Answer>(path);
      if (path !== this.asked()) return;
      this.answer = answer;
      this.problem = '';
    } catch (error) {
      const absent = error instanceof Refused && error.status === 404;
      if (absent) this.#polling.stop();
      this.problem = absent ? this.absent : (error as Error).message;
    }
    this.requestUpdate();
  }
}
