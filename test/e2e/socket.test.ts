import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { refusalOf } from '../support/gateway-rig.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await aLocalStack();
});
afterAll(() => stack.close());

describe('What is no text of the protocol', () => {
  test.each([
    ['binary', Buffer.from([1, 2, 3]), { binary: true }, 1003],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), { binary: false }, 1007],
    ['10 MB', Buffer.alloc(10_000_000, 'x'), { binary: false }, 1009],
  ])('%s closes that socket alone, with the code that says why', async (_what, data, options, code) => {
    const [bad, good] = [await stack.connect('lea'), await stack.connect('lea')];
    bad.sendRaw(data, options);
    expect(await bad.closed).toMatchObject({ code });
    expect(await good.request({ action: 'ping' })).toMatchObject({ type: 'pong' });
  });
});

describe('A handshake', () => {
  const dial = (url: string, protocols: string[], headers = {}): WebSocket =>
    new WebSocket(`${stack.url.replace('http', 'ws')}${url}`, protocols, { headers });

  test('without a token, with a bad one or with an expired one is answered 401', async () => {
    const expired = await stack.token('ned', { expiresInMs: -60_000 });
    for (const protocols of [
      [],
      ['fanfare.v1'],
      ['fanfare.v1', 'bearer.nonsense'],
      ['fanfare.v1', `bearer.${expired}`],
    ]) {
      expect(await refusalOf(dial('/ws', protocols))).toBe(401);
    }
  });

  test('takes the token as a subprotocol, as a header, and in the query where that is on', async () => {
    const token = await stack.token('ned');
    const ways = [
      () => dial('/ws', ['fanfare.v1', `bearer.${token}`]),
      () => dial('/ws', [], { authorization: `Bearer ${token}` }),
      () => dial(`/ws?token=${token}`, []),
    ];
    for (const way of ways) {
      const socket = way();
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      socket.terminate();
    }
  });

  test('takes no token from the query in production', async () => {
    const production = await aLocalStack({ NODE_ENV: 'production' });
    const url = `${production.url.replace('http', 'ws')}/ws?token=${await production.token('ned')}`;
    expect(await refusalOf(new WebSocket(url))).toBe(401);
    await production.close();
  });

  test('elsewhere than at /ws is answered 404', async () => {
    expect(await refusalOf(dial('/elsewhere', []))).toBe(404);
  });

  test('with a token that ends soon makes a connection that ends with it', async () => {
    const olga = await stack.connect('olga', { expiresInMs: 2_000 });
    expect(await olga.closed).toMatchObject({ code: 1008 });
  });
});

describe('A client that is killed', () => {
  test('is pruned, and its neighbours go on', async () => {
    const [dead, alive] = [await stack.connect('pia'), await stack.connect('pia')];
    dead.kill();
    await stack.post('/v1/notifications', { to: ['user:pia'], title: 'still here?' });
    await alive.first(frame => frame.type === 'message');
    await until(async () => {
      const text = await (await fetch(`${stack.url}/metrics`)).text();
      return /connections_closed_total\{reason="1006"\} [1-9]/.test(text);
    });
  });
});
