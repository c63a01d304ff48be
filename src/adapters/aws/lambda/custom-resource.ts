import * as z from 'zod/mini';
import { causeOf } from '../../../domain/errors.ts';
import type { Logger } from '../../../ports/logger.ts';
import { parseEvent } from './events.ts';

const resourceEvent = z.looseObject({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.optional(z.string()),
  ResourceProperties: z.record(z.string(), z.unknown()),
});

/** What CloudFormation asks of a custom resource. */
export interface ResourceRequest {
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly properties: Readonly<Record<string, unknown>>;
  /** What it was called when it was made; absent while it is. */
  readonly physicalId?: string;
}

export interface ResourceAnswer {
  /** Another than before has CloudFormation delete the former one. */
  readonly physicalId: string;
  /** What other resources of the template may refer to; no secret. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface ResourceParts {
  readonly apply: (request: ResourceRequest) => Promise<ResourceAnswer>;
  readonly logger: Logger;
}

/** CloudFormation takes 4 KB. */
const REASON_LENGTH = 1_000;
const ANSWER_TRIES = 3;
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Does what CloudFormation asks, and tells it how that went at the address that it gives. What goes wrong is told there, so
 * that the deployment fails at once, with the reason.
 */
export const customResourceHandler =
  ({ apply, logger }: ResourceParts) =>
  async (input: unknown): Promise<void> => {
    const event = parseEvent(resourceEvent, input);
    const { StackId, RequestId, LogicalResourceId, PhysicalResourceId } = event;
    const common = { StackId, RequestId, LogicalResourceId };
    const outcome = await apply({
      type: event.RequestType,
      properties: event.ResourceProperties,
      ...(PhysicalResourceId === undefined ? {} : { physicalId: PhysicalResourceId }),
    }).then(
      ({ physicalId, attributes = {} }) => ({
        Status: 'SUCCESS',
        PhysicalResourceId: physicalId,
        Data: attributes,
      }),
      (error: unknown) => {
        logger.error('resource.failed', { resource: LogicalResourceId, cause: causeOf(error) });
        return {
          Status: 'FAILED',
          Reason: causeOf(error).slice(0, REASON_LENGTH),
          PhysicalResourceId: PhysicalResourceId ?? `${LogicalResourceId}-failed`,
        };
      },
    );
    await answer(event.ResponseURL, JSON.stringify({ ...common, ...outcome }));
  };

/** The address is signed for a request without a type of its content. */
const answer = async (url: string, body: string): Promise<void> => {
  for (let tries = 1; ; tries++) {
    try {
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
      const { ok, status } = await fetch(url, {
        method: 'PUT',
        headers: { 'content-type': '' },
        body: new TextEncoder().encode(body),
        signal,
      });
      if (ok) return;
      throw new Error(`CloudFormation's address answered ${status}`);
    } catch (error) {
      if (tries === ANSWER_TRIES) throw error;
    }
  }
};
