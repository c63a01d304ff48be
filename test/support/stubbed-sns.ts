import type { SNSClient } from '@aws-sdk/client-sns';
import {
  CreatePlatformEndpointCommand,
  DeleteEndpointCommand,
  EndpointDisabledException,
  GetEndpointAttributesCommand,
  InvalidParameterException,
  NotFoundException,
  PublishCommand,
  SetEndpointAttributesCommand,
} from '@aws-sdk/client-sns';
import { SnsPushGateway } from '../../src/adapters/aws/push/sns-push-gateway.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryCache } from '../../src/adapters/local/memory-cache.ts';
import type { Device } from '../../src/domain/device.ts';
import { deviceId } from '../../src/domain/device.ts';
import { userId } from '../../src/domain/ids.ts';
import { RecordingLogger } from './fakes.ts';

const ARN = 'arn:aws:sns:eu-central-1:123456789012:endpoint/APNS/app/1';

/** What the app has told, unless a test says otherwise. */
export const TOKEN = 'ab'.repeat(32);

/** Of an answer that is an error. */
export const shape = (message: string, status = 400) => ({ message, $metadata: { httpStatusCode: status } });

/** One endpoint, or none, as SNS keeps it; `fails` is thrown by the next call of a kind. */
class StubbedSns {
  readonly calls: string[] = [];
  readonly fails = new Map<string, Error>();
  published: { message: Record<string, string>; attributes: Record<string, string> }[] = [];
  endpoint: { Token: string; Enabled: string; CustomUserData: string } | undefined;

  readonly client = { send: (command: object) => this.#send(command) } as unknown as SNSClient;

  async #send(command: object): Promise<object> {
    const kind = command.constructor.name.replace(/Command$/, '');
    this.calls.push(kind);
    const error = this.fails.get(kind);
    if (error !== undefined) {
      this.fails.delete(kind);
      throw error;
    }
    if (command instanceof CreatePlatformEndpointCommand) return this.#create(command.input);
    if (this.endpoint === undefined) throw new NotFoundException(shape('Endpoint does not exist', 404));
    if (command instanceof GetEndpointAttributesCommand) return { Attributes: { ...this.endpoint } };
    if (command instanceof SetEndpointAttributesCommand)
      Object.assign(this.endpoint, command.input.Attributes);
    if (command instanceof DeleteEndpointCommand) this.endpoint = undefined;
    if (command instanceof PublishCommand) return this.#publish(command.input);
    return {};
  }

  #create({ Token = '', CustomUserData = '' }: CreatePlatformEndpointCommand['input']): object {
    const { endpoint } = this;
    if (
      endpoint !== undefined &&
      (endpoint.CustomUserData !== CustomUserData || endpoint.Enabled === 'false')
    ) {
      const words = `Invalid parameter: Token Reason: Endpoint ${ARN} already exists with the same Token, but different attributes.`;
      throw new InvalidParameterException(shape(words));
    }
    this.endpoint ??= { Token, CustomUserData, Enabled: 'true' };
    return { EndpointArn: ARN };
  }

  #publish({ Message = '', MessageAttributes = {} }: PublishCommand['input']): object {
    if (this.endpoint?.Enabled === 'false')
      throw new EndpointDisabledException(shape('Endpoint is disabled'));
    const attributes = Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [
      name,
      StringValue,
    ]);
    this.published.push({ message: JSON.parse(Message), attributes: Object.fromEntries(attributes) });
    return { MessageId: 'sns-1' };
  }
}

/** A gateway to it, for each platform, and a device of alice. */
export const aStubbedGateway = () => {
  const [sns, clock, logger] = [new StubbedSns(), new ManualClock(), new RecordingLogger()];
  const applications = { apns: 'app/apns', apns_sandbox: 'app/sandbox', fcm: 'app/gcm' };
  const cache = new MemoryCache<string>({ clock });
  const gateway = new SnsPushGateway({ client: sns.client, clock, logger, cache, applications });
  const aDevice = (set: Partial<Device> = {}): Device => ({
    id: deviceId('d1'),
    user: userId('alice'),
    platform: 'apns',
    token: TOKEN,
    createdAt: 1,
    refreshedAt: 1,
    ...set,
  });
  return { sns, clock, logger, gateway, aDevice };
};
