import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ResourceAnswer, ResourceRequest } from '../../src/adapters/aws/lambda/custom-resource.ts';
import { customResourceHandler } from '../../src/adapters/aws/lambda/custom-resource.ts';
import { SilentLogger } from '../support/fakes.ts';
import type { ResourceAnswers } from '../support/resource-answers.ts';
import { aResourceEvent, RESOURCE, takeResourceAnswers } from '../support/resource-answers.ts';

let taken: ResourceAnswers;

beforeEach(async () => {
  taken = await takeResourceAnswers();
});
afterEach(() => taken.stop());

const anEvent = (changes: object = {}) => aResourceEvent(taken.url, changes);

const handlerOf = (apply: (request: ResourceRequest) => Promise<ResourceAnswer>) =>
  customResourceHandler({ apply, logger: new SilentLogger() });

describe('A custom resource', () => {
  test('tells CloudFormation what it made, at the address that it was given', async () => {
    const asked: ResourceRequest[] = [];
    const handle = handlerOf(async request => {
      asked.push(request);
      return { physicalId: 'schema', attributes: { Arn: 'arn:aws:sns:a' } };
    });

    await handle(anEvent());

    expect(asked).toEqual([
      { type: 'Create', properties: { ServiceToken: 'arn:aws:lambda:…', Migrations: ['0001'] } },
    ]);
    expect(taken.answers).toEqual([
      {
        method: 'PUT',
        type: '',
        body: {
          ...RESOURCE,
          Status: 'SUCCESS',
          PhysicalResourceId: 'schema',
          Data: { Arn: 'arn:aws:sns:a' },
        },
      },
    ]);
  });

  test('tells why it failed, so that the deployment does, and keeps the name that it had', async () => {
    const handle = handlerOf(() => Promise.reject(new Error(`no ${'x'.repeat(5_000)}`)));

    await handle(anEvent({ RequestType: 'Update', PhysicalResourceId: 'schema' }));

    expect(taken.answers).toEqual([
      expect.objectContaining({
        body: {
          ...RESOURCE,
          Status: 'FAILED',
          PhysicalResourceId: 'schema',
          Reason: expect.stringMatching(/^no x{997}$/),
        },
      }),
    ]);
  });

  test('gives what was never made a name, by which CloudFormation has it deleted', async () => {
    await handlerOf(() => Promise.reject(new Error('no')))(anEvent());

    expect(taken.answers).toMatchObject([
      { body: { Status: 'FAILED', PhysicalResourceId: 'Schema-failed' } },
    ]);
  });

  test('answers again where the address fails, and does its work once', async () => {
    taken.statuses.push(503, 503);
    let applied = 0;
    const handle = handlerOf(async () => {
      applied += 1;
      return { physicalId: 'schema' };
    });

    await handle(anEvent());

    expect(taken.answers).toHaveLength(3);
    expect(applied).toBe(1);
  });

  test('fails loudly where the address takes no answer', async () => {
    taken.statuses.push(403, 403, 403);

    await expect(handlerOf(async () => ({ physicalId: 'schema' }))(anEvent())).rejects.toThrow(
      'answered 403',
    );
  });
});
