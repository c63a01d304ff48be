/** Whose token: the two screens', or the one that everything else is done with. */
export type Holder = 'alice' | 'bob' | 'admin';

/** What the deployment answered in place of what was asked for. */
export class Refused extends Error {
  readonly status: number;
  readonly title: string;
  readonly fields: readonly FieldError[];

  constructor(status: number, { title = `HTTP ${status}`, detail = '', errors = [] }: Problem) {
    super(detail);
    this.status = status;
    this.title = title;
    this.fields = errors;
  }
}

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
}

export interface Call {
  /** POST with a body, GET without one, unless told. */
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `config.json` beside the page: where the deployment is, for a page that it does not serve itself. */
interface Site {
  readonly url?: string;
  readonly socketUrl?: string;
}

/** Which deployment the console is about, and by what tokens. They stay in this page's memory. */
export class Session {
  readonly #needed: () => void;
  #pasted: Partial<Record<Holder, string>> = {};
  #site: Site = {};

  /** @param needed is called when the deployment gives no tokens away */
  constructor(needed: () => void) {
    this.#needed = needed;
  }

  /** Without a slash at its end. */
  get url(): string {
    return this.#site.url ?? location.origin;
  }

  get socketUrl(): string {
    return this.#site.socketUrl ?? `${this.url.replace(/^http/, 'ws')}/ws`;
  }

  /** Whether somebody else serves the page than the deployment. */
  get isElsewhere(): boolean {
    return this.url !== location.origin;
  }

  /** Finds out where the deployment is; to be waited for before anything else. */
  async locate(): Promise<void> {
    const response = await fetch('./config.json', { cache: 'no-cache' });
    if (response.ok) this.#site = await response.json();
  }

  paste(tokens: Partial<Record<Holder, string>>): void {
    this.#pasted = tokens;
  }

  /** Rejects while there is no such token. */
  async token(holder: Holder): Promise<string> {
    const pasted = this.#pasted[holder];
    if (pasted) return pasted;
    if (this.isElsewhere) {
      this.#needed();
      throw new Error(`no token for ${holder}`);
    }
    const answer = await fetch('/dev/tokens').catch(cause => {
      throw new Error('the server does not answer', { cause });
    });
    if (answer.ok) return (await answer.json()).tokens[holder];
    if (answer.status < 500) this.#needed();
    throw new Error(`no token for ${holder}`);
  }

  /** Calls the HTTP API as the admin. @throws Refused, or an Error when there is no answer */
  async call<Answer>(path: string, call: Call = {}): Promise<Answer> {
    return (await this.exchange<Answer>(path, call)).answer;
  }

  /** As `call`, with the version that the answer is of. */
  async exchange<Answer>(
    path: string,
    call: Call = {},
  ): Promise<{ readonly answer: Answer; readonly etag: string }> {
    const { body, headers, method = body === undefined ? 'GET' : 'POST' } = call;
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${await this.token('admin')}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Refused(response.status, answer);
    return { answer, etag: response.headers.get('etag') ?? '' };
  }

  /** The metrics in Prometheus's text form. @throws Refused where there are none */
  async metrics(): Promise<string> {
    const headers = { authorization: `Bearer ${await this.token('admin')}` };
    const response = await fetch(`${this.url}/metrics`, { headers });
    if (!response.ok) throw new Refused(response.status, await response.json().catch(() => ({})));
    return response.text();
  }
}
