import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { AddressNotPublic, isPublic, publicLookup } from './public-addresses.ts';

export interface PushServiceClientOptions {
  /** Also addresses that are not public, for tests: a stranger says where a push is sent. */
  readonly allowPrivate?: boolean;
  /** Who may sign a service's certificate, in PEM; the system's authorities when absent. */
  readonly ca?: SecureContextOptions['ca'];
}

export interface ServiceAnswer {
  readonly status: number;
  readonly retryAfter?: string;
  /** The beginning, for the log. */
  readonly text: string;
}

/** To one service at a time. */
const MAX_SOCKETS = 50;
const IDLE_MS = 30_000;
const MAX_ANSWER_CHARACTERS = 300;

/** Posts to the push services of browsers: by TLS alone, to public addresses, without ever following a redirect. */
export class PushServiceClient {
  readonly #agent: Agent;
  readonly #allowPrivate: boolean;

  constructor({ allowPrivate = false, ca }: PushServiceClientOptions = {}) {
    this.#allowPrivate = allowPrivate;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: MAX_SOCKETS,
      timeout: IDLE_MS,
      ca,
      ...(allowPrivate ? {} : { lookup: publicLookup }),
    });
  }

  /** Rejects when nobody answers, with {@link AddressNotPublic} for an address that is not public. */
  async post(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<ServiceAnswer> {
    const { hostname } = url;
    const address = hostname.replace(/^\[|\]$/g, '');
    // An address needs no lookup, so that nobody would look at it.
    if (!this.#allowPrivate && isIP(address) !== 0 && !isPublic(address)) throw new AddressNotPublic(address);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(url, { agent: this.#agent, method: 'POST', headers, signal }, resolve);
      sent.once('error', reject);
      sent.end(body);
    });
    return {
      status: answer.statusCode ?? 0,
      retryAfter: answer.headers['retry-after'],
      text: await beginningOf(answer),
    };
  }

  close(): void {
    this.#agent.destroy();
  }
}

const beginningOf = async (answer: IncomingMessage): Promise<string> => {
  let text = '';
  answer.setEncoding('utf8');
  // What is not read to its end is cut, and the connection with it.
  for await (const part of answer) {
    text += part;
    if (text.length > MAX_ANSWER_CHARACTERS) break;
  }
  return text
    .slice(0, MAX_ANSWER_CHARACTERS)
    .replace(/[^\x21-\x7e]+/g, ' ')
    .trim();
};
