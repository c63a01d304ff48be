import { FanfareError, refusal } from './errors.ts';
import { claimsOf } from './token.ts';

export interface ApiOptions {
  /** Where the HTTP API is: `https://host`, without a path. */
  readonly url: string;
  /** Asked before each call. */
  readonly getToken: () => string | Promise<string>;
  /** Whose; the token's own user unless told, which takes an admin's token. */
  readonly user?: string;
}

export interface ApiCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

interface Problem {
  readonly code?: FanfareError['code'];
  readonly detail?: string;
  readonly errors?: readonly { readonly field: string }[];
}

/** What a user's own part of the HTTP API answers. */
export class UserApi {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /**
   * @param path what follows `/v1/users/{id}`
   * @throws FanfareError with the server's code and field, `disconnected` when there was no answer
   */
  async call<Answer>(
    path: string,
    { method = 'GET', body, headers, signal }: ApiCall = {},
  ): Promise<{ readonly answer: Answer; readonly etag: string }> {
    const token = await this.#options.getToken();
    const user = this.#options.user ?? claimsOf(token).sub ?? '';
    const response = await fetch(
      `${this.#options.url.replace(/\/$/, '')}/v1/users/${encodeURIComponent(user)}${path}`,
      {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      },
    ).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new FanfareError('disconnected', 'the server did not answer', { cause, retryable: true });
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw errorOf(response, Object(answer));
    return { answer: answer as Answer, etag: response.headers.get('etag') ?? '' };
  }
}

const errorOf = (response: Response, { code = 'internal', detail = '', errors }: Problem): FanfareError => {
  const [first] = errors ?? [];
  const seconds = Number(response.headers.get('retry-after'));
  return refusal({
    code,
    message: detail || `HTTP ${response.status}`,
    retryable: response.status === 429 || response.status >= 500,
    ...(first === undefined ? {} : { field: first.field }),
    ...(seconds > 0 ? { retryAfter: seconds } : {}),
  });
};
