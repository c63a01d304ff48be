import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { describeSocket } from '../../src/protocol/async-api.ts';
import { clientFrame } from '../../src/protocol/frames.ts';

const require = createRequire(import.meta.url);
const specification = require('@asyncapi/specs/schemas/3.1.0-without-$id.json') as object;

// Through JSON, as it is served.
const document = JSON.parse(JSON.stringify(describeSocket('1.2.3'))) as ReturnType<typeof describeSocket>;

const plain = (schemas = document.components.schemas) => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'document', components: { schemas } });
  return (name: string) => ajv.getSchema(`document#/components/schemas/${name}`);
};

describe('the AsyncAPI document', () => {
  it('is one, by the specification', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const validate = ajv.compile(specification);
    validate(document);
    expect(validate.errors).toBeNull();
  });

  it('refers to nothing that is not in it', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, path]) => path,
    );
    const missing = references.filter(
      path => path?.split('/').reduce<unknown>((at, key) => (at as never)?.[key], document) === undefined,
    );
    expect(references.length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  it.each([
    { action: 'hello', id: '1' },
    { action: 'subscribe', channel: 'room:lobby', since: { epoch: 'k3', offset: 4 } },
    { action: 'subscribe', channels: [{ channel: 'room:lobby' }] },
    { action: 'sendMessage', channel: 'room:lobby', data: [1, null], key: 'abc' },
    { action: 'mark', as: 'read', all: true },
    { action: 'ack', messageIds: ['ntf_1.user:alice'] },
    { action: 'history', channel: 'room:lobby', limit: 301 },
    { action: 'sendMessage', channel: 'room:lobby', data: 1, key: 'with space' },
    { action: 'mark', as: 'gone', all: true },
    { action: 'ping', surprise: true },
    { action: 'ack', messageIds: [] },
  ])('judges %j as the server does', request => {
    const validate = plain()(request.action);
    expect(validate?.(request)).toBe(clientFrame.safeParse(request).success);
  });
});
