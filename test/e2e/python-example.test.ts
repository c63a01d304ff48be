import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { describe, expect, onTestFinished } from 'vitest';
import { aProxyForOneTest, aStackForOneTest } from '../support/for-one-test.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { noPython, PYTHON } from '../support/python.ts';
import { testUnless } from '../support/test-unless.ts';
import { until } from '../support/until.ts';

const ROOM = 'room:talk';
const EXAMPLE = new URL('../../examples/python/follow.py', import.meta.url).pathname;

/** The example at work, with the lines that it prints. */
const follow = async (stack: LocalStack, url: string, token?: string) => {
  const granted = token ?? (await stack.token('alice', { allow: { 'room:*': ['subscribe', 'history'] } }));
  const child: ChildProcess = spawn(PYTHON, [EXAMPLE, `${url.replace('http', 'ws')}/ws`, ROOM], {
    env: { ...process.env, FANFARE_TOKEN: granted },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill());
  let out = '';
  let err = '';
  child.stdout?.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (err += text.toString()));
  return {
    exited: new Promise<number | null>(resolve => child.once('exit', resolve)),
    got: () =>
      out
        .split('\n')
        .slice(0, -1)
        .map(line => JSON.parse(line) as unknown),
    told: () => err,
  };
};

const aSender = async (stack: LocalStack) => {
  const socket = await stack.connect('bob', { allow: { 'room:*': ['publish'] } });
  return (data: unknown) => socket.request({ action: 'sendMessage', channel: ROOM, data });
};

/** Sends until it prints something: then it follows. */
const following = (follower: { got(): unknown[] }, send: (data: unknown) => Promise<unknown>) => async () => {
  await send(0);
  return follower.got().length > 0;
};

/** Numbers from one to another, both included. */
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('the example in Python', () => {
  const inPython = testUnless(noPython);

  inPython('prints the log once and in order, though the wire is cut', async () => {
    const stack = await aStackForOneTest({ FANFARE_FRAMES_PER_SECOND: '1000', FANFARE_FRAMES_BURST: '1000' });
    const proxy = await aProxyForOneTest(stack);
    const send = await aSender(stack);
    const follower = await follow(stack, proxy.url);
    await until(following(follower, send), 20_000);
    for (const number of numbers(1, 60)) {
      await send(number);
      if (number % 15 === 0) proxy.cut();
    }
    await until(() => follower.got().includes(60), 20_000);
    expect(follower.got().filter(number => number !== 0)).toEqual(numbers(1, 60));
    expect(follower.told()).toBe('');
  });

  inPython('reads the history when it missed more than a subscription is answered with', async () => {
    const stack = await aStackForOneTest({
      FANFARE_FRAMES_PER_SECOND: '10000',
      FANFARE_FRAMES_BURST: '10000',
    });
    const proxy = await aProxyForOneTest(stack);
    const send = await aSender(stack);
    const follower = await follow(stack, proxy.url);
    await until(following(follower, send), 20_000);
    proxy.refuse(true);
    for (const number of numbers(1, 700)) await send(number);
    proxy.refuse(false);
    await until(() => follower.got().includes(700), 20_000);
    expect(follower.got().filter(number => number !== 0)).toEqual(numbers(1, 700));
  });

  inPython('says that a log began anew, and goes on with the new one', async () => {
    const stack = await aStackForOneTest();
    const send = await aSender(stack);
    const follower = await follow(stack, stack.url);
    await until(following(follower, send), 20_000);
    await stack.close();
    const next = await aStackForOneTest({ FANFARE_PORT: new URL(stack.url).port });
    const sendNext = await aSender(next);
    await sendNext('first');
    await until(() => follower.got().includes('first'), 20_000);
    await sendNext('second');
    await until(() => follower.got().includes('second'), 20_000);
    expect(follower.got().filter(data => data !== 0)).toEqual(['first', 'second']);
    expect(follower.told()).toContain('the log began anew');
  });

  inPython('ends when its token is not accepted', async () => {
    const stack = await aStackForOneTest();
    const follower = await follow(stack, stack.url, 'nonsense');
    expect(await follower.exited).toBe(1);
    expect(follower.told()).toContain('the token is not accepted');
  });
});
