import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clientFrame, requestFrames } from '../../src/protocol/frames.ts';
import { answerFrames } from '../../src/protocol/server-frames.ts';
import { expectKnown } from '../support/known-frame.ts';

interface Example {
  readonly action?: string;
  readonly type?: string;
  readonly id?: string;
}

const text = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/^```json\n(.*?)^```/gms)].map(
  ([, body]) => JSON.parse(body ?? '') as Example,
);
const requests = examples.filter(example => example.action !== undefined);
const frames = examples.filter(example => example.type !== undefined);

describe('the examples of PROTOCOL.md', () => {
  it('are each a request or a frame', () => {
    expect(requests.length + frames.length).toBe(examples.length);
  });

  it.each(requests.map(request => [request.action, request]))('%s is a request', (_action, request) => {
    expect(() => clientFrame.parse(request)).not.toThrow();
  });

  it.each(frames.map(frame => [frame.type ?? '', frame]))('%s is a frame of the server', (type, frame) => {
    expectKnown({ ...frame, type });
  });

  it('show every request and every answer', () => {
    expect(new Set(requests.map(request => request.action))).toEqual(new Set(Object.keys(requestFrames)));
    expect(new Set(frames.map(frame => frame.type))).toEqual(
      new Set([...Object.keys(answerFrames), 'message']),
    );
  });

  it('answer each request by its id', () => {
    const answered = new Set(frames.map(frame => frame.id));
    expect(requests.filter(request => !answered.has(request.id))).toEqual([]);
  });
});
