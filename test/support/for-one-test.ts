import { onTestFinished } from 'vitest';
import type { LocalStack } from './local-stack.ts';
import { aLocalStack } from './local-stack.ts';
import { aTcpProxy } from './tcp-proxy.ts';

/** A server that ends with the test that asks for it. */
export const aStackForOneTest = async (env: Readonly<Record<string, string>> = {}): Promise<LocalStack> => {
  const stack = await aLocalStack(env);
  onTestFinished(() => stack.close());
  return stack;
};

/** A wire to a server, to be cut at will, that ends with the test that asks for it. */
export const aProxyForOneTest = async ({ url }: LocalStack) => {
  const proxy = await aTcpProxy(url);
  onTestFinished(() => proxy.close());
  return proxy;
};
