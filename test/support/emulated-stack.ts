import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { emulatedEnvironment, synthesize } from '../../infra/synth.ts';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import { loadConfig } from '../../src/composition/config.ts';
import type { EmulationOptions } from '../../src/composition/emulated-server.ts';
import { startEmulatedServer } from '../../src/composition/emulated-server.ts';
import { localStack } from './localstack.ts';
import { aStackOn, SECRET } from './stack.ts';

export interface EmulatedStackOptions extends Pick<EmulationOptions, 'onInvoke' | 'minutes'> {
  /** The dev server's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another LocalStack than the one of this run. */
  readonly endpoint?: string;
  /** What functions are told besides. */
  readonly functionEnv?: Readonly<Record<string, string>>;
}

/** The composition on AWS: the functions' bundles behind the local gateway, on stacks of its own in LocalStack. */
export const anEmulatedStack = async (prefix: string, options: EmulatedStackOptions = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-functions-'));
  await bundleFunctions(folder);
  const functions = pathToFileURL(`${folder}/`);
  const config = loadConfig({
    FANFARE_SECRET: SECRET,
    FANFARE_PORT: '0',
    FANFARE_LOG_LEVEL: 'silent',
    ...options.env,
  });
  const { endpoint = localStack().endpoint, onInvoke, minutes, functionEnv } = options;
  const templates = synthesize(emulatedEnvironment);
  const emulation = { endpoint, prefix, templates, functions, onInvoke, minutes, env: functionEnv };
  const server = await startEmulatedServer(config, '/nowhere', emulation);
  const stack = await aStackOn(server);

  return {
    ...stack,
    resources: server.resources,
    invoke: server.invoke,
    notify: (body: object, headers?: Readonly<Record<string, string>>, signal?: AbortSignal) =>
      stack.post('/v1/notifications', body, headers, signal),
    close: async (): Promise<void> => {
      await stack.close();
      rmSync(folder, { recursive: true });
    },
  };
};

export type EmulatedStack = Awaited<ReturnType<typeof anEmulatedStack>>;
