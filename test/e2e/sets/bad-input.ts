import { expect } from 'vitest';
import type { Chapter } from './set.ts';

const rooms = { allow: { 'room:*': ['subscribe', 'publish', 'history'] } } as const;
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

const BAD_FRAMES: readonly (readonly [string, string, string?])[] = [
  ['what is not JSON', 'nonsense'],
  ['nothing', ''],
  ['an array', '[]'],
  ['a number', '7'],
  ['null', 'null'],
  ['no action', '{"channel":"room:a"}', 'action'],
  ['an unknown action', '{"action":"shout"}', 'action'],
  ['an action of the wrong type', '{"action":7}', 'action'],
  ['an inherited name as action', '{"action":"constructor"}', 'action'],
  ['a missing channel', '{"action":"subscribe"}', 'channel'],
  ['a channel of the wrong type', '{"action":"subscribe","channel":{}}', 'channel'],
  ['what is no channel', '{"action":"subscribe","channel":"lobby"}', 'channel'],
  ['an unknown member', '{"action":"subscribe","channel":"room:a","sinse":1}', 'sinse'],
  ['an id of the wrong type', '{"action":"ping","id":7}', 'id'],
  ['an id of 129 characters', `{"action":"ping","id":"${'x'.repeat(129)}"}`, 'id'],
  ['a negative offset', '{"action":"history","channel":"room:a","after":-1}', 'after'],
  ['two directions', '{"action":"history","channel":"room:a","after":1,"before":2}', 'before'],
  ['no data', '{"action":"sendMessage","channel":"room:a"}', 'data'],
  ['deep data', `{"action":"sendMessage","channel":"room:a","data":${nested(33)}}`, 'data'],
  ['very deep data', `{"action":"sendMessage","channel":"room:a","data":${nested(10_000)}}`, 'data'],
  ['very deep nonsense', nested(16_000)],
];

export const badInput: Chapter = {
  title: 'Bad input on a socket',
  declare: shows => {
    for (const [what, text, field] of BAD_FRAMES) {
      shows(`${what} gets one error frame that names the field, and the socket stays open`, async stack => {
        const socket = await stack.connect('kim', rooms);
        const error = await socket.raw(text);
        expect(error).toMatchObject({ type: 'error', code: 'invalid', retryable: false });
        expect(error.field).toBe(field);
        expect(String(error.message).length).toBeGreaterThan(8);
        expect(await socket.request({ action: 'ping' })).toMatchObject({ type: 'pong' });
        socket.close();
      });
    }

    shows('keeps the id of the request in the error', async stack => {
      const socket = await stack.connect('kim');
      expect(await socket.request({ action: 'shout' })).toMatchObject({ type: 'error', id: 'r1' });
    });

    shows('what the token does not allow is forbidden, naming the channel', async stack => {
      const mia = await stack.connect('mia', { allow: { 'room:a': ['subscribe'] } });
      for (const frame of [
        { action: 'subscribe', channel: 'user:bob' },
        { action: 'subscribe', channel: 'room:b' },
        { action: 'history', channel: 'room:a' },
        { action: 'sendMessage', channel: 'room:a', data: 1 },
      ]) {
        expect(await mia.request(frame)).toMatchObject({
          type: 'error',
          code: 'forbidden',
          field: 'channel',
        });
      }
    });
  },
};
