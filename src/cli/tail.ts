import { Command, InvalidArgumentError } from 'commander';
import { WebSocket } from 'ws';
import { CHANNEL_EXPECTED, isChannel } from '../domain/channel.ts';
import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL } from '../protocol/subprotocol.ts';
import { CliError, EXIT } from './exit.ts';
import type { Target, TargetOptions } from './target.ts';
import { findTarget, tokenRefused, unreachable, withTarget } from './target.ts';

/** A server that has not answered by then is as good as none. */
const HANDSHAKE_WITHIN_MS = 10_000;
/** Well within API Gateway's 10 idle minutes. */
const PING_EVERY_MS = 4 * 60_000;

interface TailOptions extends TargetOptions {
  readonly count?: number;
}

export const tailCommand = (): Command =>
  withTarget(new Command('tail'))
    .description('Print what arrives on one or more channels, a JSON line each, until interrupted.')
    .argument('<channels...>', 'user:<id>, room:<name>, topic:<name> or broadcast')
    .option('-n, --count <n>', 'end after so many messages', parseCount)
    .addHelpText(
      'after',
      `
  $ fanfare tail user:alice broadcast
  $ fanfare tail room:lobby | jq .data`,
    )
    .action(tail);

const parseCount = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 1');
};

const tail = async (channels: readonly string[], options: TailOptions): Promise<void> => {
  const wrong = channels.find(channel => !isChannel(channel));
  if (wrong !== undefined) throw new CliError(`${JSON.stringify(wrong)}: ${CHANNEL_EXPECTED}`, EXIT.usage);
  const target = await findTarget(options);
  await follow(target, new Set(channels), options.count ?? Number.POSITIVE_INFINITY);
};

interface IncomingFrame {
  readonly type: string;
  readonly channel?: string;
  readonly message?: string;
}

const follow = (
  { socketUrl: url, token }: Target,
  channels: ReadonlySet<string>,
  count: number,
): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = new WebSocket(url, [SUBPROTOCOL, BEARER_SUBPROTOCOL_PREFIX + token], {
    handshakeTimeout: HANDSHAKE_WITHIN_MS,
  });
  let remaining = count;

  const receive = (frame: IncomingFrame): void => {
    if (frame.type === 'error') reject(new CliError(frame.message ?? 'refused', EXIT.failed));
    if (frame.type !== 'message' || !channels.has(frame.channel ?? '') || remaining === 0) return;
    const { type, ...message } = frame;
    console.log(JSON.stringify(message));
    remaining -= 1;
    if (remaining === 0) resolve();
  };

  const ping = setInterval(() => socket.send('{"action":"ping"}'), PING_EVERY_MS);
  socket.on('open', () => {
    for (const channel of channels)
      socket.send(JSON.stringify({ action: 'subscribe', id: channel, channel }));
  });
  socket.on('message', data => receive(JSON.parse(data.toString()) as IncomingFrame));
  socket.on('unexpected-response', (_request, response) => {
    response.resume();
    const status = response.statusCode ?? 0;
    reject(
      status === 401 ? tokenRefused(url, 'HTTP 401') : new CliError(`${url} answered ${status}`, EXIT.failed),
    );
  });
  socket.on('error', error => reject(unreachable(url, error)));
  socket.on('close', (code, reason) => {
    reject(new CliError(`the server closed the socket: ${code} ${reason.toString()}`, EXIT.failed));
  });
  process.stdout.on('error', () => resolve()); // the reader of the pipe has gone
  process.once('SIGINT', () => resolve());

  return promise.finally(() => {
    clearInterval(ping);
    socket.terminate();
  });
};
