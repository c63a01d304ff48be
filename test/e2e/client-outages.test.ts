import { describe, expect, onTestFinished, test } from 'vitest';
import type { FanfareOptions, Message, State, Transport, Unrecoverable } from '../../src/client/index.ts';
import { Fanfare, sharedWebSocket, webSocket } from '../../src/client/index.ts';
import { aProxyForOneTest, aStackForOneTest } from '../support/for-one-test.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

const ROOM = 'room:talk';
/** Back-off as it is, drawn low, so that no test waits for long. */
const EAGER = { random: () => Math.random() / 20 };

/** A client with everything that it told. */
const aClient = async (stack: LocalStack, user: string, options: Partial<FanfareOptions> = {}) => {
  const token = await stack.token(user, { allow: { 'room:*': ['subscribe', 'publish', 'history'] } });
  const client = new Fanfare({ url: `${stack.url}/ws`, token, runtime: EAGER, ...options });
  onTestFinished(() => client.close());
  const states: State['name'][] = [];
  const errors: unknown[] = [];
  const gaps: Unrecoverable[] = [];
  const got: Message[] = [];
  client.on('state', ({ name }) => states.push(name));
  client.on('error', error => errors.push(error));
  client.on('unrecoverable', gap => gaps.push(gap));
  const follow = () => client.channel(ROOM).subscribe(message => got.push(message)).ready;
  return { client, states, errors, gaps, got, follow };
};

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const dataOf = (messages: readonly Message[]): unknown[] => messages.map(({ data }) => data);

describe('A client, when things end', () => {
  test('has a message stand once, however often it is sent with one key', async () => {
    const stack = await aStackForOneTest();
    const [alice, bob] = [await aClient(stack, 'alice'), await aClient(stack, 'bob')];
    await bob.follow();
    const room = alice.client.channel(ROOM);
    const first = await room.send('hello', { key: 'k1' });
    const again = await room.send('hello', { key: 'k1' });
    const other = await room.send('bye');
    expect(again).toEqual(first);
    expect(other).toMatchObject({ channel: ROOM, epoch: first.epoch, offset: 2 });
    await until(() => bob.got.length === 2);
    expect(dataOf(bob.got)).toEqual(['hello', 'bye']);
  });

  test('that the server closes comes back, and has what was sent meanwhile', async () => {
    const stack = await aStackForOneTest();
    const [alice, bob] = [await aClient(stack, 'alice'), await stack.connect('bob', { admin: true })];
    await alice.follow();
    const { connectionId } = await alice.client.connected();
    const closed = fetch(`${stack.url}/@connections/${connectionId}`, { method: 'DELETE' });
    for (const data of numbers(20)) await bob.request({ action: 'sendMessage', channel: ROOM, data });
    expect((await closed).status).toBe(204);
    await until(() => alice.got.length === 20);
    expect(dataOf(alice.got)).toEqual(numbers(20));
    await until(() => alice.states.at(-1) === 'connected');
    expect(alice.states).toEqual(['connected', 'waiting', 'connecting', 'connected']);
    expect([alice.gaps, alice.errors]).toEqual([[], []]);
  });

  test('sends and takes each message once and in order over a wire that is cut again and again', async () => {
    const stack = await aStackForOneTest();
    const proxy = await aProxyForOneTest(stack);
    const url = `${proxy.url}/ws`;
    const [alice, bob] = [await aClient(stack, 'alice', { url }), await aClient(stack, 'bob', { url })];
    await bob.follow();
    let accepted = 0;
    const sends = numbers(90).map(async data => {
      await alice.client.channel(ROOM).send(data);
      accepted++;
    });
    for (const share of [5, 25, 45, 60, 80]) {
      await until(() => accepted >= share, 20_000);
      proxy.cut();
    }
    await Promise.all(sends);
    await until(() => bob.got.length >= 90, 20_000);
    const { messages } = await bob.client.channel(ROOM).history({ limit: 300 });
    expect(dataOf(messages)).toEqual(numbers(90));
    expect(dataOf(bob.got)).toEqual(numbers(90));
    expect(alice.states.filter(name => name === 'waiting').length).toBeGreaterThan(1);
    expect([bob.gaps, bob.errors, alice.errors]).toEqual([[], [], []]);
  });

  test('tells that a log is lost with a server that forgot it, and takes the new one from its start', async () => {
    const before = await aLocalStack();
    const alice = await aClient(before, 'alice');
    await alice.follow();
    const bob = await before.connect('bob', { admin: true });
    for (const data of ['a', 'b']) await bob.request({ action: 'sendMessage', channel: ROOM, data });
    await until(() => alice.got.length === 2);
    const from = alice.client.channel(ROOM).position;
    await before.close();
    const after = await aStackForOneTest({ FANFARE_PORT: new URL(before.url).port });
    const carol = await after.connect('carol', { admin: true });
    await carol.request({ action: 'sendMessage', channel: ROOM, data: 'c' });
    await until(() => alice.got.length === 3, 20_000);
    await carol.request({ action: 'sendMessage', channel: ROOM, data: 'd' });
    await until(() => alice.got.length === 4);
    expect(dataOf(alice.got)).toEqual(['a', 'b', 'c', 'd']);
    const { epoch } = alice.got[3] as Message;
    expect(alice.gaps).toEqual([{ channel: ROOM, from, to: { epoch, offset: 0 }, reason: 'epoch' }]);
  });

  test('moves to its next connection before the server ends the last, with no message lost or twice', async () => {
    const stack = await aStackForOneTest({ FANFARE_QUOTA_LIFE_SECONDS: '2' });
    let opened = 0;
    const transport: Transport = {
      open: (...how) => {
        opened++;
        return webSocket.open(...how);
      },
    };
    const alice = await aClient(stack, 'alice');
    const bob = await aClient(stack, 'bob', { transport });
    await bob.follow();
    let sent = 0;
    while (opened < 4) await alice.client.channel(ROOM).send(++sent);
    await until(() => bob.got.length >= sent);
    expect(dataOf(bob.got)).toEqual(numbers(sent));
    // Not a moment without a connection, at either end.
    expect([alice.states, bob.states]).toEqual([['connected'], ['connected']]);
    expect([bob.gaps, bob.errors, alice.errors]).toEqual([[], [], []]);
  });

  test('shares its connection, on Node’s own locks, and loses nothing when the one that holds it ends', async () => {
    const stack = await aStackForOneTest();
    const proxy = await aProxyForOneTest(stack);
    const options = () => ({ url: `${proxy.url}/ws`, transport: sharedWebSocket() });
    const tabs = [];
    for (let n = 0; n < 4; n++) {
      const tab = await aClient(stack, 'alice', options());
      await tab.follow();
      tabs.push(tab);
    }
    expect(proxy.connections).toBe(1);
    const bob = await stack.connect('bob', { admin: true });
    for (const data of numbers(30)) {
      await bob.request({ action: 'sendMessage', channel: ROOM, data });
      if (data === 10 || data === 20) tabs.shift()?.client.close();
    }
    for (const { got, gaps, errors } of tabs) {
      await until(() => got.length === 30);
      expect(dataOf(got)).toEqual(numbers(30));
      expect([gaps, errors]).toEqual([[], []]);
    }
    expect(proxy.connections).toBe(1);
  });
});
