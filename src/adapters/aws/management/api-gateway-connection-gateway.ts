import type { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { DeliveryFailure } from '../../../domain/delivery.ts';
import { causeOf } from '../../../domain/errors.ts';
import type { ConnectionId } from '../../../domain/ids.ts';
import type { ConnectionGateway, ConnectionState } from '../../../ports/connection-gateway.ts';
import { nameOf, statusOf, translateAwsError } from '../aws-errors.ts';

/** API Gateway: the most that can be posted to a connection. */
const MAX_PAYLOAD_BYTES = 128 * 1_024;

export interface ApiGatewayConnectionGatewayOptions {
  /** Made by `createManagementClient`: no retries of its own, and as many sockets as `concurrency`. */
  readonly client: ApiGatewayManagementApiClient;
  /** Posts under way at once, over all calls of this instance. */
  readonly concurrency: number;
}

/** The management API takes one connection a call, so a payload for many is many calls, some at a time. */
export class ApiGatewayConnectionGateway implements ConnectionGateway {
  readonly #client: ApiGatewayManagementApiClient;
  readonly #concurrency: number;
  #underWay = 0;
  readonly #waiting: (() => void)[] = [];

  constructor({ client, concurrency }: ApiGatewayConnectionGatewayOptions) {
    this.#client = client;
    this.#concurrency = concurrency;
  }

  async post(
    payload: Uint8Array,
    connectionIds: readonly ConnectionId[],
  ): Promise<readonly DeliveryFailure[]> {
    if (payload.length > MAX_PAYLOAD_BYTES) {
      const cause = `the payload is over ${MAX_PAYLOAD_BYTES} bytes`;
      return connectionIds.map(connectionId => ({ connectionId, reason: 'failed', cause }));
    }
    const failures: DeliveryFailure[] = [];
    const queue = connectionIds.values();
    const work = async (): Promise<void> => {
      for (const id of queue) {
        const failure = await this.#bounded(() => this.#postOne(payload, id));
        if (failure !== undefined) failures.push(failure);
      }
    };
    const workers = Math.min(this.#concurrency, connectionIds.length);
    await Promise.all(Array.from({ length: workers }, work));
    return failures;
  }

  async find(id: ConnectionId): Promise<ConnectionState | undefined> {
    try {
      const { ConnectedAt, LastActiveAt } = await this.#client.send(
        new GetConnectionCommand({ ConnectionId: id }),
      );
      const connectedAt = ConnectedAt?.getTime() ?? 0;
      return { connectedAt, lastActiveAt: LastActiveAt?.getTime() ?? connectedAt };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw translateAwsError(error, 'the management API');
    }
  }

  async close(id: ConnectionId): Promise<boolean> {
    try {
      await this.#client.send(new DeleteConnectionCommand({ ConnectionId: id }));
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw translateAwsError(error, 'the management API');
    }
  }

  async #postOne(payload: Uint8Array, connectionId: ConnectionId): Promise<DeliveryFailure | undefined> {
    try {
      await this.#client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: payload }));
      return undefined;
    } catch (error) {
      if (isGone(error)) return { connectionId, reason: 'gone' };
      if (isThrottled(error)) return { connectionId, reason: 'throttled' };
      return { connectionId, reason: 'failed', cause: `${nameOf(error)}: ${causeOf(error)}` };
    }
  }

  async #bounded<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#underWay >= this.#concurrency) await new Promise<void>(resolve => this.#waiting.push(resolve));
    else this.#underWay += 1;
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift(); // takes this call's place
      if (next === undefined) this.#underWay -= 1;
      else next();
    }
  }
}

/** AWS answers 410, with or without a body that names the exception. */
const isGone = (error: unknown): boolean => nameOf(error) === 'GoneException' || statusOf(error) === 410;

const isThrottled = (error: unknown): boolean =>
  statusOf(error) === 429 || /^(LimitExceeded|Throttling|TooManyRequests)/.test(nameOf(error));
