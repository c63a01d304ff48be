import type { FanfareOptions } from '../../src/client/index.ts';
import { Fanfare } from '../../src/client/index.ts';
import type { ModelOptions } from './model-server.ts';
import { ModelServer } from './model-server.ts';
import { VirtualTime } from './virtual-time.ts';

const TWO_HOURS_MS = 7_200_000;

export interface ModelClientOptions extends Partial<ModelOptions> {
  readonly tokenMs?: number;
  readonly getToken?: FanfareOptions['getToken'];
}

/** A client of a calm model server, on virtual time, and all that it told. */
export const aModelClient = ({ tokenMs, getToken, ...options }: ModelClientOptions = {}) => {
  const time = new VirtualTime(1);
  const server = new ModelServer(time, { lifeMs: TWO_HOURS_MS, losesPushes: false, ...options });
  server.calm = true;
  const client = new Fanfare({
    url: 'ws://model/ws',
    getToken: getToken ?? (() => server.token(tokenMs)),
    runtime: time.runtime,
    transport: server,
  });
  const states: string[] = [];
  const errors: unknown[] = [];
  const gaps: unknown[] = [];
  client.on('state', ({ name }) => states.push(name));
  client.on('error', error => errors.push(error));
  client.on('unrecoverable', gap => gaps.push(gap));
  return { time, server, client, states, errors, gaps };
};
