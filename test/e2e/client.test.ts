import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { FanfareOptions, Message, State } from '../../src/client/index.ts';
import { Fanfare } from '../../src/client/index.ts';
import type { LocalStack, TokenOptions } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

const EVERYTHING: TokenOptions = { allow: { 'room:*': ['subscribe', 'publish', 'history'] } };

let stack: LocalStack;
beforeAll(async () => {
  stack = await aLocalStack();
});
afterAll(() => stack.close());

const aClient = async (
  user: string,
  options: Partial<FanfareOptions> = {},
  tokenOptions: TokenOptions = EVERYTHING,
): Promise<Fanfare> => {
  const url = `${stack.url}/ws`;
  const token = options.getToken === undefined ? await stack.token(user, tokenOptions) : undefined;
  const client = new Fanfare({ url, token, ...options });
  onTestFinished(() => client.close());
  return client;
};

describe('The client, against the local server', () => {
  test('takes what is sent to a room, once and in order', async () => {
    const alice = await aClient('alice');
    const bob = await stack.connect('bob', EVERYTHING);
    const got: Message[] = [];
    const position = await alice.channel('room:talk').subscribe(message => got.push(message)).ready;
    expect(position.offset).toBe(0);
    for (const data of [1, 2, 3]) await bob.request({ action: 'sendMessage', channel: 'room:talk', data });
    await until(() => got.length === 3);
    expect(got.map(({ data, from, offset }) => [data, from, offset])).toEqual([
      [1, 'bob', 1],
      [2, 'bob', 2],
      [3, 'bob', 3],
    ]);
    expect(alice.channel('room:talk').position).toEqual({ epoch: position.epoch, offset: 3 });
  });

  test('tells its state, and that a subscription was refused', async () => {
    const states: State[] = [];
    const errors: unknown[] = [];
    const carol = await aClient('carol', {}, {});
    carol.on('state', state => states.push(state));
    carol.on('error', error => errors.push(error));
    const { user } = await carol.connected();
    expect(user).toBe('carol');
    const { ready } = carol.channel('room:secret').subscribe(() => undefined);
    await expect(ready).rejects.toMatchObject({ code: 'forbidden', retryable: false });
    carol.close();
    expect(errors).toMatchObject([{ code: 'forbidden' }]);
    expect(states.map(({ name }) => name)).toEqual(['connected', 'closed']);
  });
});
