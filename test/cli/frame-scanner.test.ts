import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientFrame } from '../../src/cli/load/client-frame.ts';
import { FIRST, FrameScanner, offsetIn, tagBefore, tagOf } from '../../src/cli/load/frame-scanner.ts';

const RUN = '0123456789ab';

interface Sent {
  readonly n: number;
  readonly offset: number;
  readonly filling: number;
}

const textOf = ({ n, offset, filling }: Sent, run = RUN): string =>
  JSON.stringify({
    type: 'message',
    offset,
    data: { load: run, n: FIRST + n, filling: 'x'.repeat(filling) },
  });

/** As a server sends it, unmasked, in the shortest of the three forms of length. */
const frame = (payload: string | Buffer, opcode = 0x81): Buffer => {
  const bytes = Buffer.from(payload);
  const { length } = bytes;
  const head =
    length < 126 ? Buffer.from([opcode, length]) : Buffer.from([opcode, 126, length >> 8, length & 0xff]);
  return Buffer.concat([head, bytes]);
};

/** Everything that a scanner told, in order. */
const listen = () => {
  const heard: unknown[] = [];
  const scanner = new FrameScanner({
    delivery: (n, marker, start) => {
      heard.push({ n, offset: offsetIn(start, marker), ours: tagBefore(marker) === tagOf(RUN) });
    },
    text: text => heard.push({ text }),
    ping: payload => heard.push({ ping: payload.toString() }),
    broken: why => heard.push({ broken: why }),
  });
  return { heard, scanner };
};

describe('Reading frames as bytes', () => {
  test('finds each message with its number and its offset, wherever the bytes are cut', () => {
    const sent = fc.record({
      n: fc.nat(999_999),
      offset: fc.integer({ min: 1, max: 1e9 }),
      filling: fc.nat(400),
    });
    fc.assert(
      fc.property(
        fc.array(sent, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 90 })),
        (all, cuts) => {
          const bytes = Buffer.concat(all.map(one => frame(textOf(one))));
          const { heard, scanner } = listen();
          let from = 0;
          for (const cut of [...cuts, bytes.length]) {
            scanner.feed(bytes.subarray(from, from + cut));
            from += cut;
          }
          expect(heard).toEqual(all.map(({ n, offset }) => ({ n, offset, ours: true })));
        },
      ),
    );
  });

  test('tells the messages of another run, other texts, pings and a closing', () => {
    const { heard, scanner } = listen();
    scanner.feed(frame(textOf({ n: 1, offset: 2, filling: 3 }, 'ffffffffffff')));
    scanner.feed(frame('{"type":"subscribed"}'));
    scanner.feed(frame('are you there', 0x89));
    scanner.feed(frame(Buffer.from([0x03, 0xe9]), 0x88));
    expect(heard).toEqual([
      { n: 1, offset: 2, ours: false },
      { text: '{"type":"subscribed"}' },
      { ping: 'are you there' },
      { broken: 'closed: 1001' },
    ]);
  });
});

test.each([0, 125, 126, 5_000])(
  'A frame of %i bytes to the server says what was to be said, masked',
  length => {
    const payload = Buffer.alloc(length, 'fanfare ');
    const sent = clientFrame('text', payload);
    const head = length > 125 ? 4 : 2;
    expect(sent.length).toBe(head + 4 + length);
    expect([sent[0], (sent[1] as number) & 0x80]).toEqual([0x81, 0x80]);
    const mask = sent.subarray(head, head + 4);
    const unmasked = sent.subarray(head + 4).map((byte, index) => byte ^ (mask[index % 4] as number));
    expect(Buffer.from(unmasked)).toEqual(payload);
  },
);
